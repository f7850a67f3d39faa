import type { Program } from "../support/programs";
import { toTerraform } from "../support/terraform";
import type { Lifecycle, Step } from "./lifecycles";

type Block = Record<string, unknown>;
interface Configuration {
  resource?: Record<string, Record<string, Block>>;
  data?: unknown;
}

/** A step of a lifecycle as files of configuration. */
export function rendered(life: Lifecycle, { program, moved }: Pick<Step, "program" | "moved">): Record<string, string> {
  const lifecycle = life.createBeforeDestroy ? { create_before_destroy: true } : {};
  const text = toTerraform(program, { lifecycle });
  return {
    "main.tf.json": JSON.stringify(life.forEach ? withForEach(text, program) : JSON.parse(text), undefined, 2),
    "moved.tf.json": JSON.stringify(
      moved.length === 0
        ? {}
        : {
            moved: moved.map(({ type, from, to }) => ({
              from: addressOf(life, `meshery_${type}`, from),
              to: addressOf(life, `meshery_${type}`, to),
            })),
          },
    ),
  };
}

/** Where an object of a lifecycle stands in its configuration. */
export const addressOf = (life: Lifecycle, type: string, key: string) =>
  life.forEach && GROUPS.includes(type) ? `${type}.all["${key}"]` : `${type}.${key}`;

/** Objects that one block makes, where blocks make several. */
const GROUPS = ["meshery_environment", "meshery_workspace"];

/** What an assignment may say of what it joins. */
const ENDS = ["environment_id", "environment_name", "connection_id", "connection_name"];

/** The same resources as instances of one block for each type. */
function withForEach(text: string, program: Program): Configuration {
  const referring = text.replace(
    /\$\{(meshery_environment|meshery_workspace)\.(\w+)\.(id|name)\}/g,
    (_, type, key, field) => `\${${type}.all[\\"${key}\\"].${field}}`,
  );
  const configuration = JSON.parse(referring) as Configuration;
  const resource = configuration.resource ?? {};
  for (const type of GROUPS) {
    const blocks = resource[type];
    if (!blocks) continue;
    resource[type] = {
      all: {
        for_each: blocks,
        name: "${each.value.name}",
        description: "${try(each.value.description, null)}",
        tags: "${try(each.value.tags, null)}",
      },
    };
  }
  const assignments = resource.meshery_connection_assignment;
  if (assignments && Object.keys(program.assignments).length > 0) {
    const { lifecycle } = Object.values(assignments)[0]!;
    resource.meshery_connection_assignment = {
      all: {
        for_each: Object.fromEntries(
          Object.entries(assignments).map(([key, { lifecycle: _, ...rest }]) => [key, rest]),
        ),
        ...Object.fromEntries(ENDS.map((field) => [field, `\${try(each.value.${field}, null)}`])),
        ...(lifecycle ? { lifecycle } : {}),
      },
    };
  }
  return configuration;
}
