/** What only a real `pulumi` does: install, show the schema, make SDKs, write the code of an import. */
import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { stringify } from "yaml";
import { installPulumiPlugin } from "../../../provider/pulumi/install";
import { MesheryServer } from "../../../provider/server";
import { findPulumi } from "../../support/pulumiCli";
import { exampleWorld } from "../dynamic/support/workbench";
import { PluginClient } from "./support/client";
import { credentials, pluginFolder, root } from "./support/plugin";
import { schema } from "./support/schema";
import { problemsOf } from "./support/yamlProgram";

const pulumi = findPulumi("yaml");
const describeCli = pulumi.available ? describe : describe.skip;

describeCli(`a real pulumi (${pulumi.available ? pulumi.version : `skipped: ${pulumi.reason}`})`, () => {
  let server: MesheryServer;
  let home: string;
  beforeAll(async () => {
    server = await MesheryServer.start({ world: exampleWorld() });
    // Below the checkout, so that SDKs find @pulumi/pulumi.
    mkdirSync(join(root, ".cache"), { recursive: true });
    home = mkdtempSync(join(root, ".cache", "pulumi-cli-"));
    mkdirSync(join(home, "backend"));
  });
  afterAll(async () => {
    await server.close();
    rmSync(home, { recursive: true, force: true });
  });

  // Not the synchronous way: the server answers in this process.
  const run = async (args: string[], { cwd = home, pulumiHome = "home", env = {} } = {}): Promise<string> => {
    const { stdout } = await promisify(execFile)("pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd,
      maxBuffer: 16 * 1024 * 1024,
      env: {
        ...process.env,
        ...credentials(server),
        CI: "true",
        PULUMI_HOME: join(home, pulumiHome),
        PULUMI_BACKEND_URL: `file://${join(home, "backend")}`,
        PULUMI_CONFIG_PASSPHRASE: "passphrase",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
        ...env,
      },
    }).catch((error: Error & { stdout?: string; stderr?: string }) => {
      throw new Error(`pulumi ${args.join(" ")} failed:\n${error.stdout}\n${error.stderr}`);
    });
    return stdout;
  };

  const pluginsIn = async (pulumiHome: string) => JSON.parse(await run(["plugin", "ls", "--json"], { pulumiHome }));

  test("takes the tarball, and finds the same in what our own installation leaves", async () => {
    const tarball = `${pluginFolder}.tar.gz`;
    await run(["plugin", "install", "resource", "meshery", schema.version, "--file", tarball], {
      pulumiHome: "by-pulumi",
    });
    await installPulumiPlugin({ from: pluginFolder, env: { PULUMI_HOME: join(home, "home") } });
    const found = async (pulumiHome: string) =>
      (await pluginsIn(pulumiHome)).map(({ name, kind, version }: Record<string, string>) => ({ name, kind, version }));
    expect(await found("by-pulumi")).toEqual([{ name: "meshery", kind: "resource", version: schema.version }]);
    expect(await found("home")).toEqual(await found("by-pulumi"));
    const files = (of: string) =>
      execFileSync("find", [
        join(home, of, "plugins", `resource-meshery-v${schema.version}`),
        "-type",
        "f",
        "-printf",
        "%P %m\n",
      ])
        .toString()
        .split("\n")
        .sort();
    expect(files("home")).toEqual(files("by-pulumi"));
  });

  test("shows the schema: of the executable, of the folder for its Node.js host, and of what is installed", async () => {
    await installPulumiPlugin({ from: pluginFolder, env: { PULUMI_HOME: join(home, "home") } });
    const folder = join(home, "plugin");
    cpSync(pluginFolder, folder, { recursive: true });
    for (const source of [join(folder, "pulumi-resource-meshery"), join(folder, "nodejs"), "meshery"]) {
      const shown = await run(["package", "get-schema", source]);
      const { name, version, resources } = JSON.parse(shown.slice(shown.indexOf("{")));
      expect({ name, version, resources: Object.keys(resources).sort() }).toEqual({
        name: "meshery",
        version: schema.version,
        resources: Object.keys(schema.resources).sort(),
      });
    }
  });

  test("attaches to a plugin that runs already, as under a debugger", async () => {
    const client = await PluginClient.start(credentials(server));
    try {
      const cwd = join(home, "attached");
      mkdirSync(cwd);
      const resources = { it: { type: "meshery:Environment", properties: { name: "attached" } } };
      writeFileSync(join(cwd, "Pulumi.yaml"), stringify({ name: "attached", runtime: "yaml", resources }));
      await run(["stack", "init", "dev"], { cwd, pulumiHome: "empty" });
      const port = client.raw.getChannel().getTarget().split(":").at(-1);
      const shown = await run(["preview"], {
        cwd,
        pulumiHome: "empty",
        env: { PULUMI_DEBUG_PROVIDERS: `meshery:${port}` },
      });
      expect(shown).toMatch(/Environment it create/);
    } finally {
      await client.stop();
    }
  });

  test("makes a TypeScript SDK from it, with which the examples type-check", async () => {
    const program = join(home, "typescript");
    cpSync(join(root, "examples", "pulumi-plugin", "typescript"), program, { recursive: true });
    await run(["package", "gen-sdk", "--language", "nodejs", "--out", join(home, "sdk"), join(root, "schema.json")]);
    const sdk = join(home, "node_modules", "@meshery", "pulumi-meshery");
    mkdirSync(join(home, "node_modules", "@meshery"), { recursive: true });
    cpSync(join(home, "sdk", "nodejs"), sdk, { recursive: true });
    const files = [join(program, "index.ts")];
    for (const [token, { description }] of Object.entries({ ...schema.resources, ...schema.functions })) {
      const file = join(program, `${token.replaceAll(":", "-")}.ts`);
      writeFileSync(file, /```typescript\n(.*?)\n```/s.exec(description)![1]!);
      files.push(file);
    }
    const { options } = ts.convertCompilerOptionsFromJson(
      JSON.parse(readFileSync(join(program, "tsconfig.json"), "utf8")).compilerOptions,
      program,
    );
    const errors = ts
      .getPreEmitDiagnostics(
        ts.createProgram(files, {
          ...options,
          types: ["node"],
          paths: { "@meshery/pulumi-meshery": [join(sdk, "index.ts")] },
        }),
      )
      .filter(({ category }) => category === ts.DiagnosticCategory.Error)
      .map(({ messageText, file }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
    expect(errors).toEqual([]);
    expect(existsSync(join(sdk, "connectionAssignment.ts"))).toBe(true);
  });

  test("imports by name, writes code that agrees with the schema, and then nothing differs", async () => {
    await installPulumiPlugin({ from: pluginFolder, env: { PULUMI_HOME: join(home, "home") } });
    const { organizationId, store } = server;
    const made = store.environments.insert({ name: "production", description: "live", organizationId });
    const [connection] = store.connections.list();
    const [workspace] = store.workspaces.list();
    store.environmentConnections.insert({ environmentId: made.id, connectionId: connection!.id });
    store.workspaceEnvironments.insert({ environmentId: made.id, workspaceId: workspace!.id });
    const cwd = join(home, "imported");
    mkdirSync(cwd);
    const resources = [
      { type: "meshery:index:Environment", name: "production", id: "name:production" },
      { type: "meshery:index:Workspace", name: "team", id: `name:${workspace!.name}` },
      { type: "meshery:index:Connection", name: "connection", id: connection!.id },
      { type: "meshery:index:ConnectionAssignment", name: "edge", id: `${made.id}/${connection!.id}` },
      { type: "meshery:index:WorkspaceBinding", name: "binding", id: `name:${workspace!.name}/production` },
    ];
    expect(resources.map(({ type }) => type).sort()).toEqual(Object.keys(schema.resources).sort());
    writeFileSync(join(cwd, "Pulumi.yaml"), stringify({ name: "imported", runtime: "yaml" }));
    writeFileSync(join(cwd, "import.json"), JSON.stringify({ resources }));
    await run(["stack", "init", "dev"], { cwd });
    await run(["import", "--file", "import.json", "--out", "code.yaml", "--yes", "--protect=false"], { cwd });
    const code = readFileSync(join(cwd, "code.yaml"), "utf8");
    expect(problemsOf(code)).toEqual([]);
    expect(code).toContain("description: live");
    // Nothing that the program does not have to say.
    for (const word of ["organizationId", "adopt", "forceDestroy", "owner", "metadataJson"])
      expect(code).not.toContain(word);
    writeFileSync(join(cwd, "Pulumi.yaml"), `name: imported\nruntime: yaml\n${code}`);
    await run(["preview", "--expect-no-changes"], { cwd });
    await run(["up", "--yes", "--skip-preview", "--expect-no-changes"], { cwd });
    await run(["refresh", "--yes", "--skip-preview", "--expect-no-changes"], { cwd });
    const state = await run(["stack", "export", "--show-secrets"], { cwd });
    expect(state).not.toContain(server.token);
  });
});
