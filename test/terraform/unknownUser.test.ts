import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeEngines, Workdir } from "../support/engines";
import { MesheryServer, seen } from "../support/meshery";
import { credentials, distDir, HEAD } from "../support/terraform";
import { asUnknownUser, readableCopy, SURROUNDINGS } from "../support/unknownUser";

const program = `
data "meshery_connection" "gke" {
  name = "gke"
}
resource "meshery_environment" "production" {
  name = "production"
}
resource "meshery_connection_assignment" "gke" {
  environment_id = meshery_environment.production.id
  connection_id  = data.meshery_connection.gke.id
}
`;
const world = { connections: { gke: { kind: "kubernetes", type: "platform", status: "connected" as const } } };
const user = asUnknownUser();

/** A folder with a provider that the engine, whoever runs it, starts as that user. */
function providerOf({ HOME, TMPDIR }: Record<string, string | undefined>, copy: string): string {
  const folder = mkdtempSync(join(tmpdir(), "unknown-user-"));
  const command = [user!.command, ...user!.args, process.execPath, join(copy, "provider.cjs")];
  const home = HOME === undefined ? "unset HOME" : `export HOME='${HOME}'`;
  const temporary = TMPDIR === undefined ? "" : `export TMPDIR='${TMPDIR}'`;
  const script = `#!/bin/sh\nunset CI\n${home}\n${temporary}\nexec ${command.join(" ")} "$@"\n`;
  writeFileSync(join(folder, "terraform-provider-meshery"), script);
  chmodSync(join(folder, "terraform-provider-meshery"), 0o755);
  return folder;
}

describeEngines("a user without an entry in passwd", (engine) => {
  const copy = user ? readableCopy(distDir) : undefined;
  afterAll(() => copy?.remove());

  (user ? test : test.skip).each(SURROUNDINGS)("applies and destroys %s", async (_, surroundings) => {
    const server = await MesheryServer.start({ world });
    const folder = providerOf(surroundings, copy!.folder);
    const workdir = new Workdir(
      { "main.tf": HEAD + program },
      { overrides: { "meshery/meshery": folder }, env: credentials(server) },
    );
    try {
      const before = seen(server);
      await workdir.apply(engine);
      expect(seen(server).environments.production?.connections).toEqual(["gke"]);
      await workdir.destroy(engine);
      expect(seen(server)).toEqual(before);
    } finally {
      workdir.remove();
      rmSync(folder, { recursive: true, force: true });
      await server.close();
    }
  });
});
