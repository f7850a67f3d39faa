import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EraName, MesheryServerOptions } from "../../provider/server";
import { describeEngines, type Engine, type Workdir } from "../support/engines";
import { MesheryServer } from "../support/meshery";
import { workdir } from "../support/terraform";

// The secret of a credential is given by an ephemeral variable, reaches the server, and is nowhere else.

const FIRST = "canary-f1rst+s3cret/one";
const SECOND = "canary-s3cond+s3cret/two";
const holdsCanary = (text: string) =>
  [FIRST, SECOND].some((secret) =>
    [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64").slice(0, -4)].some((one) =>
      text.includes(one),
    ),
  );

const variable = 'variable "password" {\n  type      = string\n  ephemeral = true\n}\n';
interface Written {
  address?: string;
  name?: string;
  type?: string;
  version?: number;
  more?: string;
}
const credential = ({ address = "shared", name = "shared", type = "basic", version = 1, more = "" }: Written = {}) => `
resource "meshery_credential" "${address}" {
  name           = "${name}"
  type           = "${type}"
  secret         = { username = "meshery", password = var.password }
  secret_version = ${version}
${more}
}
`;
const connection = (name: string, id = "meshery_credential.shared.id") => `
resource "meshery_connection" "${name}" {
  name          = "${name}"
  kind          = "prometheus"
  type          = "observability"
  credential_id = ${id}
}
`;
const shared = (written: Written = {}) => variable + credential(written) + connection("eu") + connection("us");

interface Made {
  server: MesheryServer;
  dir: Workdir;
  /** Runs a command with this password, and gives all that it said. */
  run(password: string, ...args: string[]): Promise<{ code: number | null; said: string }>;
  [Symbol.asyncDispose](): Promise<void>;
}

async function setup(engine: Engine, program: string, options: MesheryServerOptions = {}): Promise<Made> {
  const server = await MesheryServer.start(options);
  const scratch = mkdtempSync(join(tmpdir(), "credentials-"));
  const temporary = join(scratch, "tmp");
  mkdirSync(temporary);
  const dir = workdir(server, { "main.tf": program }, { TMPDIR: temporary, TF_VAR_password: FIRST });
  return {
    server,
    dir,
    async run(password, command, ...args) {
      const env = { TF_VAR_password: password, TF_LOG_PROVIDER: "trace", TF_LOG_PATH: join(dir.dir, "trace.log") };
      const automatic = ["apply", "destroy"].includes(command!) && !args.includes("plan.bin") ? ["-auto-approve"] : [];
      const given = [command!, "-input=false", "-no-color", ...automatic, ...args];
      const { code, stdout, stderr } = await dir.run(engine, given, env);
      return { code, said: stdout + stderr };
    },
    async [Symbol.asyncDispose]() {
      dir.remove();
      rmSync(scratch, { recursive: true, force: true });
      await server.close();
    },
  };
}

/** Every file below a folder that holds a secret. */
const leaks = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => holdsCanary(readFileSync(file, "latin1")));

const passwords = (server: MesheryServer): Record<string, unknown> =>
  Object.fromEntries(
    server.store.connections
      .list({ deletedAt: null })
      .map(({ name, credentialId }) => [name, server.store.credentials.get(String(credentialId))?.secret.password]),
  );
const left = (server: MesheryServer) => [
  ...server.store.credentials.list({ deletedAt: null }),
  ...server.store.connections.list({ deletedAt: null }),
];

const servers: [EraName, boolean][] = [
  ["E1", false],
  ["E2", false],
  ["E3", true],
  ["cloud", false],
  ["docs", true],
];
describeEngines("a credential that connections share", (engine) => {
  const chosen = engine.name === "terraform" ? servers : servers.slice(2, 3);
  test.each(chosen)("lives in %s, with quirks: %s, and its secret is nowhere", async (era, quirks) => {
    await using made = await setup(engine, shared(), { era, quirks });
    const { server, dir, run } = made;
    const said: string[] = [];
    const ran = async (code: number, ...args: Parameters<Made["run"]>) => {
      const result = await run(...args);
      expect({ ...result, said: result.code === code ? "" : result.said }).toEqual({ code, said: "" });
      said.push(result.said);
      return result.said;
    };
    await ran(0, FIRST, "plan", "-out=plan.bin");
    said.push(await dir.succeed(engine, ["show", "-json", "plan.bin"]));
    await ran(0, FIRST, "apply", "plan.bin");
    expect(passwords(server)).toEqual({ eu: FIRST, us: FIRST });
    await ran(0, FIRST, "plan", "-detailed-exitcode");
    await ran(0, SECOND, "plan", "-detailed-exitcode", "-refresh=false");

    // Rotation: one request, and all connections have it.
    dir.write("main.tf", shared({ version: 2 }));
    server.requests.clear();
    expect(await ran(0, SECOND, "apply")).toContain("1 changed");
    const sent = server.requests.list.filter(({ method }) => method !== "GET");
    expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual(["PUT /api/integrations/credentials"]);
    expect(passwords(server)).toEqual({ eu: SECOND, us: SECOND });

    // By hand: another name is drift, another secret is not.
    const { id } = server.store.credentials.list()[0]!;
    server.store.credentials.update(id, { secret: { password: FIRST } });
    await ran(0, SECOND, "plan", "-detailed-exitcode");
    server.store.credentials.update(id, { name: "by hand" });
    expect(await ran(2, SECOND, "plan", "-detailed-exitcode")).toContain('"by hand" -> "shared"');
    await ran(0, SECOND, "apply");
    expect(passwords(server)).toEqual({ eu: SECOND, us: SECOND });

    said.push(await dir.succeed(engine, ["show", "-json"]));
    await ran(0, SECOND, "destroy");
    expect(left(server)).toEqual([]);
    expect(said.filter(holdsCanary)).toEqual([]);
    expect(leaks(dir.dir)).toEqual([]);
    expect(dir.read("trace.log")).toMatch(/PUT \/api\/integrations\/credentials sent.*\[hidden\]/);
  });

  test.each([
    ["an error that repeats it", 400],
    ["a failure that repeats it", 500],
  ])("is in no message: %s", async (_, status) => {
    await using made = await setup(engine, shared());
    const { server, dir, run } = made;
    const body = JSON.stringify({ error: `cannot keep ${FIRST} or ${encodeURIComponent(FIRST)}` });
    const effect = { kind: "status", status, body } as const;
    server.faults.add({ method: "POST", effect, times: Number.POSITIVE_INFINITY });
    const failed = await run(FIRST, "apply");
    expect(failed.code).toBe(1);
    expect(failed.said).toMatch(/cannot keep \[hidden\]/);
    expect(holdsCanary(failed.said)).toBe(false);
    expect(leaks(dir.dir)).toEqual([]);
  });
});

describeEngines("a credential and its connections in one apply", (engine) => {
  const applied = async (program: string, written = SECOND) => {
    const made = await setup(engine, shared());
    expect((await made.run(FIRST, "apply")).code).toBe(0);
    made.dir.write("main.tf", program);
    const { code, said } = await made.run(written, "apply");
    return { made, code, said };
  };

  test("all go to another one, and the first is deleted", async () => {
    const other = "meshery_credential.other.id";
    const program = variable + credential({ address: "other", name: "other" });
    const { made, ...ran } = await applied(program + connection("eu", other) + connection("us", other));
    await using _ = made;
    expect(ran).toMatchObject({ code: 0 });
    expect(passwords(made.server)).toEqual({ eu: SECOND, us: SECOND });
    expect(made.server.store.credentials.list({ deletedAt: null }).map(({ name }) => name)).toEqual(["other"]);
    expect((await made.run(SECOND, "plan", "-detailed-exitcode")).code).toBe(0);
  });

  test.each(["", "  lifecycle {\n    create_before_destroy = true\n  }"])("it is replaced (%j)", async (more) => {
    const { made, ...ran } = await applied(shared({ type: "token", more }));
    await using _ = made;
    expect(ran).toMatchObject({ code: 0 });
    expect(passwords(made.server)).toEqual({ eu: SECOND, us: SECOND });
    expect(made.server.store.credentials.list({ deletedAt: null }).map(({ type }) => type)).toEqual(["token"]);
    expect((await made.run(SECOND, "plan", "-detailed-exitcode")).code).toBe(0);
  });

  test("it is not deleted while a connection keeps it, which is named", async () => {
    const only = (name: string) => connection(name).replace(/^.*credential_id.*\n/m, "");
    const { made, code, said } = await applied(variable + only("eu"));
    await using _ = made;
    expect({ code, said: said.replace(/\s*[│╷╵]?\s+/g, " ") }).toEqual({
      code: 1,
      said: expect.stringMatching(
        /"shared" \(\S+\) was not deleted: it is still used by connection "eu" \(prometheus\)/,
      ),
    });
    expect(passwords(made.server)).toEqual({ eu: FIRST });

    // By force, once that is applied.
    const more = "  force_destroy = true";
    made.dir.write("main.tf", variable + credential({ more }) + only("eu"));
    expect((await made.run(FIRST, "apply")).code).toBe(0);
    made.dir.write("main.tf", variable + only("eu"));
    expect((await made.run(FIRST, "apply")).code).toBe(0);
    expect(passwords(made.server)).toEqual({ eu: undefined });
  });
});

describeEngines("a credential that exists", (engine) => {
  const withServer = async (program: string) => {
    const made = await setup(engine, program);
    const { id } = made.server.store.credentials.insert({ name: "shared", type: "basic", secret: { password: "old" } });
    return { ...made, id };
  };
  test("is imported by its id, and its secret is sent where the program has a version of it", async () => {
    await using made = await withServer(variable + credential());
    const { server, dir, run, id } = made;
    dir.write("import.tf", `import {\n  to = meshery_credential.shared\n  id = "${id}"\n}\n`);
    expect((await run(FIRST, "apply")).said).toContain("1 imported, 0 added, 1 changed");
    expect(server.store.credentials.list()).toMatchObject([{ id, secret: { password: FIRST } }]);
    expect((await run(FIRST, "plan", "-detailed-exitcode")).code).toBe(0);
  });

  test("is imported by its name; without a version nothing is sent", async () => {
    await using made = await withServer(variable + credential().replace(/^.*secret_version.*\n/m, ""));
    const { server, run, id } = made;
    expect((await run(FIRST, "import", "meshery_credential.shared", "name:shared")).code).toBe(0);
    expect((await run(FIRST, "plan", "-detailed-exitcode")).code).toBe(0);
    expect(server.store.credentials.list()).toMatchObject([{ id, secret: { password: "old" } }]);
  });

  test("is taken over where that is asked for, and released", async () => {
    await using made = await withServer(variable + credential());
    const { server, dir, run, id } = made;
    expect((await run(FIRST, "apply")).said).toMatch(/already has "shared"/);
    dir.write("main.tf", variable + credential({ more: "  adopt = true" }));
    expect((await run(FIRST, "apply")).code).toBe(0);
    expect(server.store.credentials.list()).toMatchObject([{ id, secret: { password: FIRST } }]);
    expect((await run(FIRST, "destroy")).said).toContain("was released");
    expect(server.store.credentials.list()).toMatchObject([{ id, name: "shared" }]);
  });
});
