import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { documentationPages } from "../../provider/terraform/packaging/documentation";
import { describeEngines } from "../support/engines";
import { MesheryServer } from "../support/meshery";
import { root, workdir } from "../support/terraform";

const folder = join(root, "examples", "hcl", "documentation");
const example = (name: string) => {
  const file = join(folder, `${name}.tf`);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
};
const pages = documentationPages(example);

test.each(
  pages.map(({ file, text }) => [file, text]),
)("docs/%s says what the declarations say (npm run docs)", (file, text) => {
  expect(readFileSync(join(root, "docs", file), "utf8")).toBe(text);
});

test("no page is left over", () => {
  const there = ["resources", "data-sources"].flatMap((name) =>
    readdirSync(join(root, "docs", name)).map((file) => `${name}/${file}`),
  );
  expect(there.filter((file) => !pages.some((page) => page.file === file))).toEqual([]);
});

test("every resource has an example", () => {
  const without = pages.filter(({ file, text }) => file.startsWith("resources/") && !text.includes("## Example"));
  expect(without.map(({ file }) => file)).toEqual([]);
});

describeEngines("the examples of the documentation", (engine) => {
  test("are applied together as they stand", async () => {
    // The version of the API that has all there is.
    const server = await MesheryServer.start({
      era: "cloud",
      world: {
        teams: { platform: {} },
        connections: { "prod-gke-us-east": { kind: "kubernetes", status: "connected" } },
        workspaces: { "platform-team": {} },
      },
    });
    const names = readdirSync(folder).filter((name) => name !== "provider.tf");
    const dir = workdir(
      server,
      Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")])),
      { TF_VAR_prometheus_password: "s3cret" },
    );
    try {
      await dir.apply(engine);
      expect(await dir.planned(engine)).toEqual({});
      await dir.destroy(engine);
    } finally {
      dir.remove();
      await server.close();
    }
  });
});

const byName = readFileSync(join(root, "docs", "edges-by-name.md"), "utf8");
const blocks = (language: string) =>
  [...byName.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, text]) => text!.trim());

/** Without what differs from run to run and from terminal to terminal: ids, and where lines break. */
const inOneLine = (text: string) =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "<id>")
    .replace(/[│╷╵\s]+/g, " ")
    .trim();

describeEngines("docs/edges-by-name.md", (engine) => {
  test("shows plans as they are", async () => {
    const server = await MesheryServer.start({
      world: { connections: { "prod-gke-us-east": { kind: "kubernetes", type: "platform", status: "connected" } } },
    });
    const [program = ""] = blocks("terraform");
    const dir = workdir(server, { "main.tf": program });
    const plan = async () => inOneLine(await dir.succeed(engine, ["plan", "-no-color", "-input=false"]));
    try {
      const [made, renamed, warning] = blocks("text").map(inOneLine);
      expect(await plan()).toContain(made);
      await dir.apply(engine);
      dir.write("main.tf", program.replace('name = "production"', 'name = "live"'));
      expect(await plan()).toContain(renamed);
      await dir.destroy(engine);
      dir.write("main.tf", program.replace("prod-gke-us-east", "prod-gke"));
      expect(await plan()).toContain(warning);
    } finally {
      dir.remove();
      await server.close();
    }
  });
});
