/** The `import` blocks that an engine's errors give, each for the resource at which its error stands. */
export function importBlocksIn(said: string): string {
  const errors = said.replace(/[│╷╵]/g, "").split(/^\s*Error: /m);
  const blocks = new Map<string, string>();
  for (const error of errors.slice(1)) {
    const id = /import\s*\{[^}]*?\bid\s*=\s*"([^"]+)"/.exec(error)?.[1];
    const address = /^\s*with (\S+),$/m.exec(error)?.[1];
    if (id !== undefined && address !== undefined) blocks.set(address, id);
  }
  return [...blocks].map(([to, id]) => `import {\n  to = ${to}\n  id = "${id}"\n}\n`).join("\n");
}
