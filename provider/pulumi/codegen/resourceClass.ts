import { type AnyResource, isInput } from "../../framework";
import { isRequired, isSecret } from "../shared/fields";
import { absent, comment, inputType, plainType, properties } from "./typescript";

/** The class of a resource, with its arguments. */
export function resourceClass({ name, description, fields }: AnyResource): string {
  const entries = Object.entries(fields);
  const shape = {
    name,
    outputs: entries.map(([field]) => field),
    secrets: entries.filter(([, field]) => isSecret(field)).map(([field]) => field),
  };
  return `
/** Arguments of \`${name}\`. */
export interface ${name}Args {
${properties(fields, isInput, (field) => ({ optional: !isRequired(field), type: inputType(field) }))}
}

const ${name}Shape = ${JSON.stringify(shape)};

${comment(description)}
export class ${name} extends MesheryResource {
  /** The type that stands in the stack's state. */
  static readonly __pulumiType: string = dynamicType("${name}");

  /**
   * An existing one, by its id; it is read and never changed. Fails where there is none.
   * @param name Name of the resource in the program.
   * @param id The id.
   * @param opts Options, for instance \`provider\`.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ${name} {
    return new ${name}(name, undefined as unknown as ${name}Args, { ...opts, id });
  }

  /** Whether a value is a resource of this class, also across copies of this package. */
  static override isInstance(value: unknown): value is ${name} {
    return (value as { __pulumiType?: unknown } | undefined | null)?.__pulumiType === ${name}.__pulumiType;
  }

${properties(
  fields,
  () => true,
  (field) => ({ modifiers: "declare readonly ", type: `pulumi.Output<${plainType(field)}${absent(field)}>` }),
)}

  /**
   * @param name Name of the resource in the program. It is what the stack's state knows it by: renaming it needs the option
   * \`aliases\`.
   * @param args Its arguments.
   * @param opts Options of the engine.
   */
  constructor(name: string, args: ${name}Args, opts?: pulumi.CustomResourceOptions) {
    super(${name}Shape, name, args, opts);
  }
}`;
}
