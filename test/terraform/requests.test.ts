import { findEngines } from "../support/engines";
import { MesheryServer } from "../support/meshery";
import { workdir } from "../support/terraform";

const [engine] = findEngines();
if (!engine) console.warn("skipped: hundreds of assignments, since neither terraform nor tofu is on the PATH");
// A thousand are played without an engine, in resources/requests.test.ts.
const ENVIRONMENTS = 5;
const CONNECTIONS = 500;
/** Rows that one page of a list has at most. */
const PAGE = 100;
const listOfConnections = CONNECTIONS / PAGE;
/** The connections of each environment fill one page. */
const listsOfAssignments = ENVIRONMENTS * Math.ceil(CONNECTIONS / ENVIRONMENTS / PAGE);

const environments = `
resource "meshery_environment" "e" {
  for_each = toset([for i in range(${ENVIRONMENTS}) : "e\${i}"])
  name     = each.key
}
`;
const assignments = `
data "meshery_connections" "all" {
}
resource "meshery_connection_assignment" "a" {
  for_each       = { for i, c in data.meshery_connections.all.connections : c.name => { e = "e\${i % ${ENVIRONMENTS}}", c = c.id } }
  environment_id = meshery_environment.e[each.value.e].id
  connection_id  = each.value.c
}
`;

(engine ? describe : describe.skip)(`${CONNECTIONS} assignments (${engine?.name ?? "no engine"})`, () => {
  test("cost a write each, and as many reads as their lists have pages", async () => {
    const server = await MesheryServer.start({
      world: {
        connections: Object.fromEntries(
          Array.from({ length: CONNECTIONS }, (_, i) => [`c${1000 + i}`, { kind: "kubernetes", type: "platform" }]),
        ),
      },
    });
    const dir = workdir(server, { "main.tf": environments });
    const count = (reads: boolean) => server.requests.list.filter(({ method }) => (method === "GET") === reads).length;
    try {
      await dir.apply(engine!);
      dir.write("main.tf", environments + assignments);
      await dir.succeed(engine!, ["plan", "-input=false", "-out=plan.bin"]);

      server.requests.clear();
      await dir.succeed(engine!, ["apply", "-input=false", "plan.bin"]);
      expect(server.store.environmentConnections.count()).toBe(CONNECTIONS);
      expect(count(false)).toBe(CONNECTIONS);
      // Where both ends are looked up: the organization, the environments, the connections; and where the edges are, by lists
      // that are empty at first, and read twice.
      expect(count(true)).toBeLessThanOrEqual(1.2 * (2 + listOfConnections + 2 * listsOfAssignments));

      server.requests.clear();
      const { code, stdout } = await dir.run(engine!, ["plan", "-input=false", "-detailed-exitcode"]);
      expect([code, code === 0 ? "" : stdout]).toEqual([0, ""]);
      expect(count(false)).toBe(0);
      expect(count(true)).toBeLessThanOrEqual(1.2 * (1 + listOfConnections + listsOfAssignments));
    } finally {
      dir.remove();
      await server.close();
    }
  });
});
