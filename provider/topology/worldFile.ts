import { type Check, checkTopology, parseTopologyText } from "./parse";
import { references, type World, worldSchema } from "./world";

const worldRules: Check<World> = function* (world) {
  const seen = new Set<string>();
  for (const { path, key, section } of references(world)) {
    if (!Object.hasOwn(world[section], key)) yield { path, message: unknownKey(section, key, world) };
    const reference = JSON.stringify([...path.slice(0, -1), key]);
    if (typeof path.at(-1) === "number" && seen.has(reference)) yield { path, message: `${key} is listed twice` };
    seen.add(reference);
  }
  for (const section of Object.keys(world) as (keyof World)[]) {
    const ids = new Map<string, string>();
    for (const [key, { id }] of Object.entries(world[section])) {
      if (id === undefined) continue;
      const other = ids.get(id);
      if (other !== undefined) yield { path: [section, key, "id"], message: `${other} has the same id` };
      ids.set(id, key);
    }
  }
};

function unknownKey(section: keyof World, key: string, world: World): string {
  const known = Object.keys(world[section]);
  const listed = known.slice(0, 8).join(", ") + (known.length > 8 ? ", ..." : "");
  return `no such key under ${section}: ${key}${known.length === 0 ? ` (${section} is empty)` : ` (there are: ${listed})`}`;
}

/**
 * Reads a world file.
 *
 * @param text YAML or JSON
 * @param file name of the file, for messages
 * @throws TopologyError with line, column and path of everything that is wrong
 */
export function parseWorld(text: string, file = "world"): World {
  return parseTopologyText(text, worldSchema, worldRules, file);
}

/**
 * Fills in the defaults of a world that a program holds as an object, by the same rules as a file's.
 *
 * @throws TopologyError with the path of everything that is wrong
 */
export function checkWorld(world: unknown): World {
  return checkTopology(world, worldSchema, worldRules, "world");
}
