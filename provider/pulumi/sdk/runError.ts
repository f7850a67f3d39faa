import * as pulumi from "@pulumi/pulumi";

/**
 * An error that ends a program with its message alone. Its stack is left out: nobody is shown it, and Node 20 takes half a minute
 * to format one with files of `@pulumi/pulumi` in it, which the SDK asks for before it throws the result away.
 */
export function runError(message: string): pulumi.RunError {
  const error = new pulumi.RunError(message);
  error.stack = `Error: ${message}`;
  return error;
}
