import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { changes, summary } from "../../pulumi-engine";
import { seen } from "../../support/meshery";
import { writes } from "./support/requests";
import { engines, Workbench } from "./support/workbench";

/** Each example with an edit that a person might make, and all that may follow from it. */
const EXAMPLES = [
  {
    name: "environment-per-stage",
    edit: (text: string) =>
      text.replace('"staging-prometheus", ', "").replace("`The ${stage} stage`", "`Stage: ${stage}`"),
    follows: ["delete staging/staging-prometheus", "update development", "update production", "update staging"],
  },
  {
    name: "shared-infrastructure",
    edit: (text: string) => text.replace(', "app-team-beta"', "").replace("for every team", "for all teams"),
    follows: ["delete app-team-beta", "update shared-monitoring"],
  },
  {
    name: "region-based",
    edit: (text: string) => text.replace(', "prometheus-eu-west"', "").replace('"gke-us-east-2", ', ""),
    follows: ["delete gke-us-east-2", "delete prometheus-eu-west"],
  },
  {
    name: "shared-connection",
    edit: (text: string) => text.replace('"prod-k8s", "prod-prometheus"', '"prod-k8s", "prod-grafana"'),
    follows: ["create production/prod-grafana", "delete production/prod-prometheus"],
  },
  {
    name: "shared-credential",
    secretConfig: { "meshery-shared-credential:prometheusPassword": "canary-s3cret" },
    edit: (text: string) => text.replace('"meshery", password', '"prometheus", password').replace('"ap", ', ""),
    follows: ["delete ap", "delete metrics/ap", "update prometheus"],
  },
];

describe.each(engines())("the examples on the %s", (engine) => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await Workbench.open();
  });
  afterAll(() => bench.close());

  test.each(EXAMPLES)("$name: up, nothing to do, an edit and only it, refresh, destroy", async ({
    name,
    edit,
    follows,
    secretConfig = {},
  }) => {
    const { server } = bench;
    const before = seen(server);
    const folder = bench.example(name);
    const stack = await bench.stack(engine, folder, { secretConfig });

    const first = await stack.up();
    expect(first.error).toBeUndefined();
    expect(changes(first.preview!).length).toBeGreaterThan(5);
    expect(seen(server)).not.toEqual(before);

    server.requests.clear();
    const again = await stack.up();
    expect(again.ok).toBe(true);
    expect([...changes(again.preview!), ...changes(again)]).toEqual([]);

    const file = join(folder, "index.ts");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, edit(text));
    expect(edit(text)).not.toBe(text);
    const edited = await stack.up({ skipPreview: true });
    expect(edited.error).toBeUndefined();
    expect(summary(changes(edited)).filter((line) => !line.includes(`proj-dev`))).toEqual(follows);

    server.requests.clear();
    const refreshed = await stack.refresh({ skipPreview: true });
    expect(refreshed.error).toBeUndefined();
    expect(changes(refreshed)).toEqual([]);
    expect(refreshed.messages.filter(({ severity }) => severity !== "debug")).toEqual([]);
    expect(writes(server)).toEqual([]);

    const destroyed = await stack.destroy({ skipPreview: true });
    expect(destroyed.error).toBeUndefined();
    expect(seen(server)).toEqual(before);
  });
});
