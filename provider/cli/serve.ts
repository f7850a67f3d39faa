import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { MesheryServer, MesheryServerOptions, Quirks, quirksNamed } from "../server";
import { eraNames } from "../server/eras/eras";

const usage = `Usage: meshery-iac serve [options]

Runs an embedded Meshery API for trying things out and for tests. It keeps everything in memory unless told otherwise.

  --port N        port to listen on (default: a free one)
  --host H        address to listen on (default: 127.0.0.1)
  --allow-host H  another name by which it may be called, for each such name; otherwise only loopback names and --host
  --world FILE    YAML or JSON file with the organizations, credentials, connections, environments, workspaces and teams to begin with;
                  examples/world.yaml is there from any folder
  --data FILE     keep everything in this SQLite file; what it holds already wins over --world
  --token T       token of the administrator (default: a random one)
  --as USER       print the token of this user of the world file
  --era ERA       version of the API: ${eraNames.slice(0, -1).join(", ")} or ${eraNames.at(-1)} (default: E3)
  --provider P    provider for clients that choose none, as PROVIDER of Meshery Server: Local, or a remote one's name
  --quirks        every known oddity of Meshery's own servers at once
  --quirk Q       one oddity, for each one; by-others are those of a third-party provider. An unknown one lists them all
  --admin         add the routes below /__admin: requests, faults, reset (loopback only)
  --json          print one line {"url","token","organizationId","mesheryProvider"} when it is ready
  -h, --help      print this
`;

/** A mistake in how the command was called; its message is all the user needs. */
class UsageError extends Error {}

interface Settings extends Omit<MesheryServerOptions, "quirks"> {
  json: boolean;
  worldFile?: string | undefined;
  everyQuirk: boolean;
  quirkNames: string[];
}

/**
 * `meshery-iac serve`: runs an embedded Meshery until it is interrupted.
 *
 * @param argv arguments after `serve`
 * @returns the exit code: 0 after an interruption, 1 where the server could not start, 2 for wrong arguments
 */
export async function serve(argv: string[]): Promise<number> {
  let settings: Settings | undefined;
  try {
    settings = settingsOf(argv);
    if (settings === undefined) {
      process.stdout.write(usage);
      return 0;
    }
    // Whoever reads the first line may interrupt at once.
    const interruption = interrupted();
    const server = await started(settings);
    process.stdout.write(settings.json ? `${connection(server)}\n` : greeting(server, settings));
    await interruption;
    await server.close();
    return 0;
  } catch (error) {
    process.stderr.write(`meshery-iac serve: ${explained(error, settings)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

function settingsOf(argv: string[]): Settings | undefined {
  let values: ReturnType<typeof parsed>;
  try {
    values = parsed(argv);
  } catch (error) {
    // Node explains at length how to pass an argument that begins with a dash; the first sentence is enough.
    throw new UsageError(`${(error as Error).message.split(". ")[0]}; see --help`);
  }
  if (values.help) return undefined;
  const era = eraNames.find((name) => name === values.era);
  if (era === undefined) throw new UsageError(`--era must be one of ${eraNames.join(", ")}, not ${values.era}`);
  const port = values.port === undefined ? 0 : Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new UsageError(`--port must be a number from 0 to 65535, not ${values.port}`);
  }
  if (values.token !== undefined && !/^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/.test(values.token)) {
    throw new UsageError("--token must be printable ASCII without blanks, commas, semicolons, quotes and backslashes");
  }
  return {
    port,
    era,
    host: values.host,
    token: values.token,
    as: values.as,
    dataFile: values.data,
    worldFile: values.world,
    allowedHosts: values["allow-host"],
    provider: values.provider,
    everyQuirk: values.quirks,
    quirkNames: values.quirk,
    admin: values.admin,
    json: values.json,
  };
}

function parsed(argv: string[]) {
  return parseArgs({
    args: argv,
    strict: true,
    allowPositionals: false,
    options: {
      port: { type: "string" },
      host: { type: "string" },
      "allow-host": { type: "string", multiple: true, default: [] },
      provider: { type: "string" },
      quirk: { type: "string", multiple: true, default: [] },
      data: { type: "string" },
      world: { type: "string" },
      token: { type: "string" },
      era: { type: "string", default: "E3" },
      as: { type: "string" },
      admin: { type: "boolean", default: false },
      quirks: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  }).values;
}

async function started({ worldFile, json: _, everyQuirk, quirkNames, ...rest }: Settings): Promise<MesheryServer> {
  const { MesheryServer, quirksNamed } = await import("../server");
  const options = { ...rest, quirks: chosenQuirks(everyQuirk ? ["all", ...quirkNames] : quirkNames, quirksNamed) };
  if (worldFile === undefined) return MesheryServer.start(options);
  const text = await worldIn(worldFile);
  const { parseWorld } = await import("../topology");
  return MesheryServer.start({ ...options, world: parseWorld(text, worldFile) });
}

/** The text of a world file. The examples of this package are found from every folder. */
async function worldIn(file: string): Promise<string> {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (missing && /^examples[\\/]/.test(file)) {
      const { packageRoot } = await import("./package");
      const own = join(packageRoot, file);
      if (existsSync(own)) return readFileSync(own, "utf8");
    }
    throw new Error(`cannot read --world ${file}: ${missing ? "no such file" : (error as Error).message}`);
  }
}

function chosenQuirks(names: string[], named: typeof quirksNamed): Partial<Quirks> {
  try {
    return named(names);
  } catch (error) {
    throw new UsageError(`--quirk: ${(error as Error).message}`);
  }
}

function connection({ url, token, organizationId, mesheryProvider }: MesheryServer): string {
  return JSON.stringify({ url, token, organizationId, mesheryProvider });
}

function greeting(server: MesheryServer, { dataFile, worldFile }: Settings): string {
  const notes = [
    `Meshery API (${server.era.name}) at ${server.url}${dataFile === undefined ? ", in memory" : `, kept in ${dataFile}`}.`,
    ...(server.seeded || worldFile === undefined
      ? []
      : [`${dataFile} holds a topology already, so ${worldFile} was not loaded.`]),
  ];
  return `${notes.join("\n")}

To use it from another terminal:

  export MESHERY_URL=${server.url}
  export MESHERY_TOKEN=${server.token}
  export MESHERY_PROVIDER=${server.mesheryProvider}
  export MESHERY_ORGANIZATION_ID=${server.organizationId}

Ctrl-C stops it.
`;
}

/** Resolves at the first SIGINT or SIGTERM. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

function explained(error: unknown, settings: Settings | undefined): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "EADDRINUSE":
      return `port ${settings?.port} is in use; choose another one with --port, or leave it out for a free one`;
    case "EACCES":
      return `port ${settings?.port} may not be used by this user; choose one above 1023`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `cannot listen on --host ${settings?.host}: this machine has no such address`;
    default:
      return message;
  }
}
