import { changes, type RunResult } from "../../pulumi-engine";
import { applied, type EngineName, engines, idOf, PluginBench, yamlProgram } from "./support/bench";

const FIRST = "canary-f1rst-s3cret";
const SECOND = "canary-s3cond-s3cret";
const isSecret = /canary-/;

interface Written {
  name?: string;
  type?: string;
  secret?: Record<string, string>;
  more?: object;
}
const credential = ({ name = "shared", type = "basic", secret = { password: FIRST }, more = {} }: Written = {}) => ({
  type: "meshery:Credential",
  properties: { name, type, secret, ...more },
});
const connection = (name: string, credentialId = idOf("shared")) => ({
  type: "meshery:Connection",
  properties: { name, kind: "prometheus", type: "observability", ...(credentialId && { credentialId }) },
});
const program = (written?: Written) =>
  yamlProgram({ shared: credential(written), eu: connection("eu"), us: connection("us") });
const told = (result: RunResult) => JSON.stringify(result);
const steps = (result: RunResult): string[] => changes(result).map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);

describe.each(engines())("a credential that connections share, on the %s", (engine: EngineName) => {
  let bench: PluginBench;
  beforeAll(async () => {
    bench = await PluginBench.open({ world: {} });
  });
  afterAll(() => bench.close());
  afterEach(() => bench.server.reset());
  const passwords = () =>
    Object.fromEntries(
      bench.server.store.connections
        .list({ deletedAt: null })
        .map(({ name, credentialId }) => [name, bench.server.store.credentials.get(String(credentialId))?.secret]),
    );
  const left = () => bench.server.store.credentials.list({ deletedAt: null });

  test("lives, and its secret is nowhere in plain", async () => {
    const stack = await bench.stack(engine, program());
    const said: string[] = [];
    said.push(told(await applied(stack, {})));
    expect(passwords()).toEqual({ eu: { password: FIRST }, us: { password: FIRST } });
    expect(changes(await applied(stack))).toEqual([]);

    // Rotation: the secret alone says it, down to a key that goes.
    stack.setYaml(program({ secret: { password: SECOND, username: "canary-user" } }));
    const rotated = await applied(stack, {});
    expect(steps(rotated)).toEqual(["update shared"]);
    said.push(told(rotated));
    expect(passwords()).toEqual({
      eu: { password: SECOND, username: "canary-user" },
      us: { password: SECOND, username: "canary-user" },
    });
    stack.setYaml(program({ secret: { password: SECOND } }));
    said.push(told(await applied(stack)));
    expect(passwords()).toEqual({ eu: { password: SECOND }, us: { password: SECOND } });

    // By hand: another secret is no drift, another name is.
    const { id } = left()[0]!;
    bench.server.store.credentials.update(id, { secret: { password: "by hand" } });
    expect(changes(await stack.refresh({ skipPreview: true }))).toEqual([]);
    bench.server.store.credentials.update(id, { name: "by hand" });
    said.push(told(await stack.refresh({ skipPreview: true })));
    said.push(told(await applied(stack)));
    expect(left()).toMatchObject([{ id, name: "shared", secret: { password: SECOND } }]);

    // Replaced: the new one first, then the connections, then the old one goes.
    stack.setYaml(program({ type: "token", secret: { password: SECOND } }));
    said.push(told(await applied(stack)));
    expect(left()).toMatchObject([{ type: "token" }]);
    expect(passwords()).toEqual({ eu: { password: SECOND }, us: { password: SECOND } });

    said.push(await stack.exportText());
    const record = (await stack.resources()).find(({ type }) => type === "meshery:index:Credential");
    expect([record?.inputs.secret, record?.outputs.secret]).toEqual(["[secret]", "[secret]"]);

    const body = JSON.stringify({ error: `cannot keep ${FIRST}` });
    bench.server.faults.add({ method: "PUT", effect: { kind: "status", status: 400, body } });
    stack.setYaml(program({ type: "token", secret: { password: FIRST } }));
    const refused = await stack.up({ skipPreview: true });
    expect(refused.error).toMatch(/cannot keep \[hidden\]/);
    said.push(told(refused), told(await stack.destroy({ skipPreview: true })));
    expect(left()).toEqual([]);
    expect(said.filter((text) => isSecret.test(text))).toEqual([]);
  });

  test("is not deleted while a connection keeps it, but by force", async () => {
    const stack = await bench.stack(engine, program());
    await applied(stack);
    // The connection no longer says which one it has, and keeps it.
    stack.setYaml(yamlProgram({ eu: connection("eu", "") }));
    const refused = await stack.up({ skipPreview: true });
    expect(refused.error).toMatch(
      /"shared" \(\S+\) was not deleted: it is still used by connection "eu" \(prometheus\)/,
    );
    const forced = { shared: credential({ more: { forceDestroy: true } }), eu: connection("eu", "") };
    stack.setYaml(yamlProgram(forced));
    await applied(stack);
    stack.setYaml(yamlProgram({ eu: connection("eu", "") }));
    await applied(stack);
    expect([left(), Object.keys(passwords())]).toEqual([[], ["eu"]]);
  });

  test("that exists is taken over where that is asked for, with the secret of the program, and released", async () => {
    const { id } = bench.server.store.credentials.insert({
      name: "shared",
      type: "basic",
      secret: { password: "old" },
    });
    const stack = await bench.stack(engine, program());
    expect((await stack.up({ skipPreview: true })).error).toMatch(/already has "shared"/);
    stack.setYaml(program({ more: { adopt: true } }));
    await applied(stack);
    expect(left()).toMatchObject([{ id, secret: { password: FIRST } }]);
    await stack.destroy({ skipPreview: true });
    expect(left()).toMatchObject([{ id, name: "shared" }]);
  });

  test("that is imported gets its secret with the first update", async () => {
    const { id } = bench.server.store.credentials.insert({
      name: "shared",
      type: "basic",
      secret: { password: "old" },
    });
    const stack = await bench.stack(engine, yamlProgram({}));
    const imported = await stack.import({ type: "meshery:index:Credential", name: "shared", id: "name:shared" });
    expect(imported.error).toBeUndefined();
    expect(await stack.exportText()).not.toContain("old");
    stack.setYaml(yamlProgram({ shared: credential() }));
    expect(steps(await applied(stack))).toEqual(["update shared"]);
    expect(left()).toMatchObject([{ id, secret: { password: FIRST } }]);
    expect(changes(await applied(stack))).toEqual([]);
  });
});
