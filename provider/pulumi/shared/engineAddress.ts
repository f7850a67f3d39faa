/** Where the engine listens: the last argument with which it starts a provider. Flags may stand before it, some with a value. */
export function engineAddressIn(args: readonly string[]): string | undefined {
  return args.filter((arg) => /^(\[[0-9a-fA-F:]+\]|[\w.-]+):\d+$/.test(arg) && !arg.startsWith("-")).at(-1);
}
