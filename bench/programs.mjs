// What the peers are asked to declare: the same program for the two providers, and its nearest form for curl.
import { connectionId, environmentId } from "./server.mjs";

/** The connections 0, 1, 2, ... of a world, by `count.index`. */
const eachConnection = `\${format("${connectionId(0).slice(0, -12)}%012d", count.index)}`;
const names = (count) => Array.from({ length: count }, (_, n) => `environment-${n}`);

/** For providers: environments, each with the first `connections` connections of the world. */
export function topology({ environments, connections }) {
  const resource =
    connections === 0
      ? { meshery_environment: { all: { ...environment("environment-${count.index}"), count: environments } } }
      : {
          meshery_environment: Object.fromEntries(names(environments).map((name) => [name, environment(name)])),
          meshery_connection_assignment: Object.fromEntries(
            names(environments).map((name) => [
              name,
              {
                count: connections,
                environment_id: `\${meshery_environment.${name}.id}`,
                connection_id: eachConnection,
              },
            ]),
          ),
        };
  return { "main.tf.json": JSON.stringify({ ...requirements, resource }) };
}

/** For providers: `count` lookups by name, spread over `among` connections. */
export function lookups({ count, among }) {
  const name = `connection-\${count.index * ${Math.floor(among / count)}}`;
  return {
    "main.tf.json": JSON.stringify({ ...requirements, data: { meshery_connection: { all: { count, name } } } }),
  };
}

/** For curl: the same topology as `terraform_data`, each with a command that makes it and one that removes it. */
export function topologyByCommands({ environments, connections }, script) {
  const counted = {
    ...commands("environment", { name: "environment-${count.index}", description }),
    count: environments,
  };
  const terraform_data =
    connections === 0
      ? { all: counted }
      : Object.fromEntries(
          names(environments).flatMap((name) => [
            [name, commands("environment", { name, description })],
            [
              `${name}-connection`,
              {
                ...commands("assignment", {
                  environment: `\${terraform_data.${name}.output.name}`,
                  connection: eachConnection,
                }),
                count: connections,
              },
            ],
          ]),
        );
  return { "main.tf.json": JSON.stringify({ resource: { terraform_data } }), "meshery.sh": script };
}

/**
 * A state in which a topology stands that a world holds already: to refresh ten thousand edges without the half hour an
 * engine takes to write them one by one. `extra` are the attributes that only one of the peers has.
 */
export function standingState(engine, organizationId, { environments, connections }, extra = {}) {
  const provider = `provider["${engine.host}/meshery/meshery"]`;
  const block = (type, name, instances) => ({ mode: "managed", type, name, provider, instances });
  const organization_id = organizationId;
  const resources = names(environments).flatMap((name, n) => {
    const id = environmentId(n);
    const edges = Array.from({ length: connections }, (_, index) => {
      const connection_id = connectionId(index);
      const named = { environment_name: name, connection_name: `connection-${index}`, connection_kind: "kubernetes" };
      const own = { id: `${id}/${connection_id}`, environment_id: id, connection_id, organization_id };
      return {
        index_key: index,
        schema_version: 0,
        attributes: { ...own, ...(extra.edges ? named : {}) },
        dependencies: [`meshery_environment.${name}`],
      };
    });
    const attributes = { id, name, description, organization_id, ...extra.environment };
    return [
      block("meshery_environment", name, [{ schema_version: 0, attributes }]),
      { ...block("meshery_connection_assignment", name, edges), each: "list" },
    ];
  });
  const lineage = environmentId(0);
  return JSON.stringify({ version: 4, terraform_version: engine.version, serial: 1, lineage, outputs: {}, resources });
}

const description = "An environment of the benchmark";
const requirements = { terraform: { required_providers: { meshery: { source: "meshery/meshery" } } } };
const environment = (name) => ({ name, description });

function commands(what, input) {
  const command = (verb) => `sh meshery.sh ${verb}-${what}`;
  const variables = Object.fromEntries(Object.keys(input).map((key) => [key.toUpperCase(), `\${self.input.${key}}`]));
  return {
    input,
    provisioner: [
      { "local-exec": { command: command("create"), environment: variables } },
      { "local-exec": { command: command("delete"), environment: variables, when: "destroy" } },
    ],
  };
}
