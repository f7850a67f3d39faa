/** An example program, in no language yet. */
export type Step =
  | { kind: "resource"; variable: string; resource: string; name: string; inputs: Arguments }
  | { kind: "lookup"; variable: string; lookup: string; inputs: Arguments; output: string };

export type Arguments = Record<string, ExampleValue>;
export type ExampleValue = string | boolean | number | readonly string[] | Record<string, string> | Reference;

/** An output of an earlier step. */
export class Reference {
  constructor(
    readonly step: Step,
    readonly output: string,
  ) {}
}
