// Mutation tests, room by room: each room's sources with the unit suites that belong to it (test/support/mutationRooms.cjs).
// The reports are .cache/mutation/<room>.html.
//
//   npm run mutation -- [room ...] [--mutate FILES] [--force]
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { install, root } from "./prepare.mjs";

/** @type {Record<string, unknown>} */
const rooms = createRequire(import.meta.url)("../test/support/mutationRooms.cjs");

const usage = `Usage: npm run mutation [-- room ... options]

Rooms, one after the other; "client" stands for all that begin so, and none for all there are:
  ${Object.keys(rooms).join("\n  ")}

  --mutate FILES  only these files of the room, comma-separated, as in provider/framework/diff.ts:60-80
  --force         try again what did not change since the last run, too
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mutate: { type: "string" },
    force: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});
/** @param {string} word */
const roomsOf = (word) => Object.keys(rooms).filter((room) => room === word || room.startsWith(`${word}/`));
const unknown = positionals.filter((word) => roomsOf(word).length === 0);
if (values.help || unknown.length > 0) {
  console.log(unknown.length > 0 ? `There is no room ${unknown.join(", ")}.\n\n${usage}` : usage);
  process.exitCode = unknown.length > 0 ? 1 : 0;
} else {
  install();
  const stryker = join(root, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
  const some = values.mutate === undefined ? [] : ["--mutate", values.mutate];
  const options = [...some, ...(values.force ? ["--force"] : [])];
  for (const room of positionals.length > 0 ? positionals.flatMap(roomsOf) : Object.keys(rooms)) {
    console.log(`\n${room}`);
    const env = { ...process.env, MUTATION_ROOM: room };
    const { status } = spawnSync(process.execPath, [stryker, "run", ...options], { cwd: root, stdio: "inherit", env });
    process.exitCode ||= status ?? 1;
  }
}
