import { changes, type RunResult } from "../../pulumi-engine";
import { engines, Workbench } from "./support/workbench";

// The secret of a credential is a secret of the stack however the program writes it, and reaches Meshery alone.

const FIRST = "canary-f1rst-s3cret";
const SECOND = "canary-s3cond-s3cret";
const isSecret = /canary-/;
const program = (secret: string) => `
const password = ${JSON.stringify(secret.split("-"))}.join("-");
const credential = new meshery.Credential("shared", { name: "shared", type: "basic", secret: { password } });
for (const name of ["eu", "us"])
  new meshery.Connection(name, { name, kind: "prometheus", type: "observability", credentialId: credential.id });
`;
const steps = (result: RunResult): string[] => changes(result).map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);

describe.each(engines())("a credential that connections share, on the %s", (engine) => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await Workbench.open({ world: {} });
  });
  afterAll(() => bench.close());
  afterEach(() => bench.server.reset());
  const secrets = () => {
    const { connections, credentials } = bench.server.store;
    const rows = connections.list({ deletedAt: null });
    return rows.map(({ name, credentialId }) => `${name}: ${credentials.get(String(credentialId))?.secret.password}`);
  };
  const left = () => bench.server.store.credentials.list({ deletedAt: null });

  test("lives, and its secret is nowhere in plain", async () => {
    const folder = bench.program(program(FIRST));
    const stack = await bench.stack(engine, folder);
    const results = [await stack.up()];
    expect(secrets()).toEqual([`eu: ${FIRST}`, `us: ${FIRST}`]);
    expect(changes(await stack.up({ skipPreview: true }))).toEqual([]);

    bench.rewrite(folder, program(SECOND));
    const rotated = await stack.up();
    expect(steps(rotated)).toEqual(["update shared"]);
    expect(secrets()).toEqual([`eu: ${SECOND}`, `us: ${SECOND}`]);
    results.push(rotated);

    const { id } = left()[0]!;
    bench.server.store.credentials.update(id, { secret: { password: "by hand" } });
    expect(changes(await stack.refresh({ skipPreview: true }))).toEqual([]);
    bench.server.store.credentials.update(id, { name: "by hand" });
    results.push(await stack.refresh({ skipPreview: true }), await stack.up());
    expect(left()).toMatchObject([{ id, name: "shared", secret: { password: SECOND } }]);

    const state = await stack.exportText();
    expect(state).not.toMatch(isSecret);
    const record = (await stack.resources()).find(({ type }) => type.endsWith("meshery:Credential"));
    expect([record?.inputs.secret, record?.outputs.secret]).toEqual(["[secret]", "[secret]"]);

    const body = JSON.stringify({ error: `cannot keep ${FIRST}` });
    bench.server.faults.add({ method: "PUT", effect: { kind: "status", status: 400, body } });
    bench.rewrite(folder, program(FIRST));
    const refused = await stack.up({ skipPreview: true });
    expect(refused.error).toMatch(/cannot keep \[hidden\]/);
    results.push(refused, await stack.destroy({ skipPreview: true }));
    expect([left(), secrets()]).toEqual([[], []]);
    expect(results.map((result) => JSON.stringify(result)).filter((text) => isSecret.test(text))).toEqual([]);
  });

  test("is taken over where that is asked for, and not deleted while a connection keeps it", async () => {
    const { id } = bench.server.store.credentials.insert({
      name: "shared",
      type: "basic",
      secret: { password: "old" },
    });
    const folder = bench.program(program(FIRST));
    const stack = await bench.stack(engine, folder);
    expect((await stack.up({ skipPreview: true })).error).toMatch(/already has "shared"/);
    bench.rewrite(folder, program(FIRST).replace("secret: {", "adopt: true, secret: {"));
    expect((await stack.up({ skipPreview: true })).error).toBeUndefined();
    expect(left()).toMatchObject([{ id, secret: { password: FIRST } }]);
    // An explicit false makes it the program's own; a connection keeps what the program no longer says.
    bench.rewrite(folder, program(FIRST).replace("secret: {", "adopt: false, secret: {"));
    expect((await stack.up({ skipPreview: true })).error).toBeUndefined();
    bench.rewrite(folder, 'new meshery.Connection("eu", { name: "eu", kind: "prometheus", type: "observability" });\n');
    const refused = await stack.up({ skipPreview: true });
    expect(refused.error).toMatch(
      /"shared" \(\S+\) was not deleted: it is still used by connection "eu" \(prometheus\)/,
    );
    expect(left()).toMatchObject([{ id }]);
  });
});
