import { stringify } from "yaml";
import type { MesheryServer } from "../../../provider/server";
import { seen } from "../../support/meshery";
import { changes, summary } from "../engine/driver";
import { TestStack } from "../engine/testStack";
import { credentials, pluginCommand, WORLD, withServer } from "./support/plugin";

const program = (resources: Record<string, unknown>, more: object = {}) =>
  stringify({ name: "topology", runtime: "yaml", ...more, resources });

const stackOn = (server: MesheryServer, resources: Record<string, unknown>, more: object = {}) =>
  new TestStack({
    project: "topology",
    yaml: program(resources, more),
    plugins: { meshery: pluginCommand(credentials(server)) },
  });

const production = { type: "meshery:Environment", properties: { name: "production", description: "live" } };
const lookups = {
  variables: {
    gke: { "fn::invoke": { function: "meshery:getConnection", arguments: { name: "gke" } } },
  },
};
const assignment = {
  type: "meshery:ConnectionAssignment",
  properties: { environmentId: "$" + "{production.id}", connectionId: "$" + "{gke.id}" },
};

describe("a stack on the plugin", () => {
  test("is created, found unchanged, updated and destroyed", async () => {
    await withServer({ world: WORLD }, async (server) => {
      const before = seen(server);
      const stack = stackOn(server, { production, gkeInProduction: assignment }, lookups);
      const first = await stack.up();
      expect(first.error).toBeUndefined();
      expect(seen(server).environments).toMatchObject({ production: { description: "live", connections: ["gke"] } });
      expect(changes(await stack.up())).toEqual([]);
      expect((await stack.refresh()).steps.every(({ op }) => op === "same" || op === "refresh")).toBe(true);
      expect(changes(await stack.up())).toEqual([]);
      expect((await stack.destroy()).error).toBeUndefined();
      expect(seen(server)).toEqual(before);
      expect(summary(first.steps)).toContain("create gkeInProduction");
    });
  });
});
