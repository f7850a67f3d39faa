import Ajv, { type ErrorObject } from "ajv";
import addFormats from "ajv-formats";

interface OpenApi {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
  components: { schemas: Record<string, object> };
}

/** Where the official description of each part of the API stands in @meshery/schemas. */
const documents = {
  environment: "v1beta3/environment/EnvironmentSchema",
  workspace: "v1beta3/workspace/WorkspaceSchema",
  connection: "v1beta3/connection/ConnectionSchema",
  organization: "v1beta2/organization/OrganizationSchema",
  credential: "v1beta2/credential/CredentialSchema",
};

const load = (name: keyof typeof documents) => require(`@meshery/schemas/constructs/${documents[name]}`) as OpenApi;

const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));

/** The schema without the names that stand in it several times over, which a validator takes for different schemas. */
function anonymous(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(anonymous);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !(key.startsWith("$") && typeof inner === "string") && !key.startsWith("x-"))
      .map(([key, inner]) => [key, anonymous(inner)]),
  );
}

/** `/environments/0/deletedAt` is the same complaint as `/environments/7/deletedAt`. */
function complaint({ instancePath, keyword, params }: ErrorObject): string {
  const where = instancePath.replaceAll(/\/\d+/g, "/*") || "/";
  const what =
    keyword === "additionalProperties" ? ` ${(params as { additionalProperty: string }).additionalProperty}` : "";
  return `${where} ${keyword}${what}`;
}

/** What the schema finds wrong with `value`, each complaint once, sorted. */
function complaints(schema: object, value: unknown): string[] {
  const validate = ajv.compile(anonymous(schema) as object);
  validate(value);
  return [...new Set((validate.errors ?? []).map(complaint))].sort();
}

/** How an answer differs from the official description of the operation; none: not at all. */
export function differences(
  document: keyof typeof documents,
  operation: string,
  answer: { status: number; text: string },
): string[] {
  const [method = "", path = ""] = operation.split(" ");
  const responses = load(document).paths[path]?.[method.toLowerCase()]?.responses;
  if (responses === undefined) throw new Error(`${document} has no ${operation}`);
  const response = responses[String(answer.status)];
  if (response === undefined) return [`status ${answer.status}`];
  const schema = response.content?.["application/json"]?.schema;
  if (answer.text === "") return schema === undefined ? [] : ["empty body"];
  if (schema === undefined) return ["body"];
  return complaints(schema, JSON.parse(answer.text));
}

/** How a value differs from one of the official objects. */
export function objectDifferences(document: keyof typeof documents, name: string, value: unknown): string[] {
  const schema = load(document).components.schemas[name];
  if (schema === undefined) throw new Error(`${document} has no ${name}`);
  return complaints(schema, value);
}
