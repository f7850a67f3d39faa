import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeEngines, type Engine, Workdir } from "../support/engines";
import { MesheryServer } from "../support/meshery";
import { credentials, HEAD, providerFolder } from "../support/terraform";

const program = (version: number) => `
variable "password" {
  type      = string
  ephemeral = true
}

resource "meshery_secret" "database" {
  name             = "database"
  password         = var.password
  password_version = ${version}
}
`;

let server: MesheryServer;
let dir: Workdir;

beforeEach(async () => {
  server = await MesheryServer.start();
  dir = new Workdir(
    { "provider.tf": HEAD, "main.tf": program(1) },
    {
      overrides: { "meshery/meshery": providerFolder(join(__dirname, "support", "secretsService.ts")) },
      env: credentials(server),
    },
  );
  writeFileSync(join(dir.dir, "secrets"), "{}");
});

afterEach(async () => {
  dir.remove();
  await server.close();
});

/** Everything below the folder in which an engine wrote something, but for what the service keeps. */
const written = (): string =>
  readdirSync(dir.dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "secrets")
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");
const kept = () => JSON.parse(dir.read("secrets")) as unknown;

describeEngines("a write-only value", (engine) => {
  const run = (password: string, command: string, ...args: string[]) => {
    const env = { TF_VAR_password: password, SECRETS: join(dir.dir, "secrets") };
    return dir.run(engine, [command, "-input=false", "-no-color", ...args], env);
  };

  test("reaches the service and is nowhere else; a new version sends it again", async () => {
    expect(await run("f1rst-s3cret", "plan", "-out=plan.bin")).toMatchObject({ code: 0 });
    expect(await run("f1rst-s3cret", "apply", "plan.bin")).toMatchObject({ code: 0 });
    expect(kept()).toEqual({ database: "f1rst-s3cret" });

    // Another value alone is not seen: there is nothing to compare it with.
    expect(await run("s3cond-s3cret", "plan", "-detailed-exitcode")).toMatchObject({ code: 0 });
    dir.write("main.tf", program(2));
    expect(await run("s3cond-s3cret", "apply", "-auto-approve")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("1 changed"),
    });
    expect(kept()).toEqual({ database: "s3cond-s3cret" });

    expect(await run("s3cond-s3cret", "apply", "-refresh-only", "-auto-approve")).toMatchObject({ code: 0 });
    expect(await shown(engine)).toContain('"password":null');
    expect(written()).not.toMatch(/f1rst-s3cret|s3cond-s3cret/);
    expect(await run("", "destroy", "-auto-approve")).toMatchObject({ code: 0 });
    expect(kept()).toEqual({});
  });
});

const shown = (engine: Engine) => dir.succeed(engine, ["show", "-json"]);
