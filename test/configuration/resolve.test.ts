import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConfigurationSources, resolveConfiguration } from "../../provider/configuration";

const home = mkdtempSync(join(tmpdir(), "home-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Left {
  endpoint?: string;
  provider?: string;
  authentication?: unknown;
  location?: string;
}

/** A home folder in which mesheryctl signed in. */
function mesheryctlHome({ endpoint, provider, authentication, location }: Left): string {
  const folder = mkdtempSync(join(home, "user-"));
  mkdirSync(join(folder, ".meshery"));
  const context = { endpoint, token: "default", provider };
  writeFileSync(
    join(folder, ".meshery", "config.yaml"),
    JSON.stringify({
      contexts: { other: { endpoint: "https://wrong.example.com" }, mine: context },
      "current-context": "mine",
      tokens: [
        { name: "other", location: "other.json" },
        { name: "default", location: location ?? "auth.json" },
      ],
    }),
  );
  const text = typeof authentication === "string" ? authentication : JSON.stringify(authentication);
  if (authentication !== undefined) writeFileSync(join(folder, ".meshery", location ?? "auth.json"), text);
  return folder;
}
const signedIn = {
  endpoint: "https://left.example.com",
  authentication: { token: "left", "meshery-provider": "Layer5" },
};

const resolved = async (sources: Partial<ConfigurationSources>) => {
  const { origins, ...values } = await resolveConfiguration({ env: {}, ...sources });
  return { values, origins };
};

describe("the configuration", () => {
  const explicit = { url: "https://explicit.example.com", token: "explicit", organizationId: "explicit-org" };
  const stack = { url: "https://stack.example.com", token: "stack", mesheryProvider: "Stack", timeout: 5 };
  const env = {
    MESHERY_URL: "https://env.example.com",
    MESHERY_TOKEN: "env",
    MESHERY_PROVIDER: "Env",
    MESHERY_ORGANIZATION_ID: "env-org",
  };

  test("takes arguments, then stack configuration, then the environment", async () => {
    const { values, origins } = await resolved({ explicit, stack, env, explicitOrigin: "the provider block" });
    expect(values).toEqual({ ...explicit, mesheryProvider: "Stack", timeout: 5 });
    expect(origins).toEqual({
      url: "the provider block",
      token: "the provider block",
      organizationId: "the provider block",
      mesheryProvider: "the stack configuration",
      timeout: "the stack configuration",
    });
  });

  test("takes the token of the environment before that of the stack", async () => {
    const { values, origins } = await resolved({ stack, env });
    expect(values).toMatchObject({ url: "https://stack.example.com", token: "env" });
    expect(origins.token).toBe("the environment variable MESHERY_TOKEN");
  });

  test("takes everything from the environment where nothing else says it", async () => {
    const { values } = await resolved({ env });
    expect(values).toEqual({
      url: "https://env.example.com",
      token: "env",
      mesheryProvider: "Env",
      organizationId: "env-org",
    });
  });

  test("takes an empty value for one that was left out", async () => {
    const { values, origins } = await resolved({ explicit: { url: "", token: "" }, env });
    expect(values).toMatchObject({ url: "https://env.example.com", token: "env" });
    expect(origins.url).toBe("the environment variable MESHERY_URL");
  });

  test("names every way to give the url where there is none", async () => {
    await expect(resolved({ home: mesheryctlHome({}) })).rejects.toMatchObject({
      code: "configuration",
      details: {
        field: "url",
        what: expect.stringContaining("url is missing"),
        hint: expect.stringMatching(/argument url.*MESHERY_URL.*pulumi config set meshery:url.*mesheryctl.*serve/s),
      },
    });
  });

  test.each([
    ["url", { explicit: { url: "meshery.example.com" } }, /address such as https/, "the provider's arguments"],
    ["url", { env: { MESHERY_URL: "ftp://x" } }, /http:\/\/ or https:\/\//, "the environment variable MESHERY_URL"],
    ["url", { stack: { url: "https://u:p@x" } }, /must not hold a user name/, "the stack configuration"],
    ["url", { stack: { url: "https://x/?a=b" } }, /query or a fragment/, "the stack configuration"],
    ["timeout", { explicit: { url: "https://x", timeout: 0 } }, /more than 0 seconds/, "the provider's arguments"],
    [
      "organizationId",
      { explicit: { url: "https://x" }, env: { MESHERY_ORGANIZATION_ID: "a/b" } },
      /an id has no "\/"/,
      "the environment variable MESHERY_ORGANIZATION_ID",
    ],
  ] satisfies [
    string,
    Partial<ConfigurationSources>,
    RegExp,
    string,
  ][])("says where a wrong %s came from: %j", async (field, sources, what, origin) => {
    await expect(resolved(sources)).rejects.toMatchObject({
      code: "configuration",
      details: { field, what: expect.stringMatching(what), hint: expect.stringContaining(origin) },
    });
  });

  test("never repeats a url that holds a password", async () => {
    await expect(resolved({ stack: { url: "https://me:canary@x" } })).rejects.toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("canary") }),
    );
  });
});

describe("what mesheryctl left", () => {
  test("is taken as one set where nothing else is given", async () => {
    const { values, origins } = await resolved({ home: mesheryctlHome(signedIn) });
    expect(values).toEqual({ url: "https://left.example.com", token: "left", mesheryProvider: "Layer5" });
    expect(origins).toEqual({
      url: expect.stringContaining("~/.meshery/config.yaml"),
      token: expect.stringContaining("~/.meshery/auth.json"),
      mesheryProvider: expect.stringContaining("~/.meshery/auth.json"),
    });
  });

  test("is found under the name its configuration gives to the token file", async () => {
    const { values, origins } = await resolved({ home: mesheryctlHome({ ...signedIn, location: "elsewhere.json" }) });
    expect(values.token).toBe("left");
    expect(origins.token).toContain("elsewhere.json");
  });

  test.each([
    ["the same origin", "https://left.example.com/prefix", { token: "left", mesheryProvider: "Layer5" }],
    ["another host", "https://other.example.com", {}],
    ["another port", "https://left.example.com:8443", {}],
    ["another scheme", "http://left.example.com", {}],
    ["a host that begins alike", "https://left.example.com.evil.example", {}],
    ["the host with a dot at its end", "https://left.example.com.", {}],
  ])("is given to a url of %s or not at all", async (_, url, expected) => {
    const { values } = await resolved({ explicit: { url }, home: mesheryctlHome(signedIn) });
    expect(values).toEqual({ url, ...expected });
  });

  test("gives no url to a token that is not its own", async () => {
    await expect(resolved({ explicit: { token: "mine" }, home: mesheryctlHome(signedIn) })).rejects.toMatchObject({
      details: { field: "url" },
    });
  });

  test("gives way to a provider that is named otherwise", async () => {
    const { values } = await resolved({ env: { MESHERY_PROVIDER: "Env" }, home: mesheryctlHome(signedIn) });
    expect(values.mesheryProvider).toBe("Env");
  });

  test.each(["1", "true"])("is left alone where CI is %s", async (CI) => {
    await expect(resolved({ env: { CI }, home: mesheryctlHome(signedIn) })).rejects.toMatchObject({
      details: { field: "url" },
    });
    const { values } = await resolved({
      env: { CI, MESHERY_URL: "https://left.example.com" },
      home: mesheryctlHome(signedIn),
    });
    expect(values).toEqual({ url: "https://left.example.com" });
  });

  test.each([
    [
      "no token (the Local provider)",
      { authentication: { token: "", "meshery-provider": "Local" } },
      { mesheryProvider: "Local" },
    ],
    ["no token file", {}, {}],
    ["a token file that is no JSON", { authentication: "<html>" }, {}],
    ["a token of another type", { authentication: { token: 5 } }, {}],
  ])("may have %s", async (_, left, expected) => {
    const { values } = await resolved({ home: mesheryctlHome({ endpoint: "https://left.example.com", ...left }) });
    expect(values).toEqual({ url: "https://left.example.com", ...expected });
  });

  test("is ignored where it cannot be read", async () => {
    const folder = mesheryctlHome({});
    writeFileSync(join(folder, ".meshery", "config.yaml"), "contexts: [}");
    await expect(resolved({ home: folder })).rejects.toMatchObject({ details: { field: "url" } });
    const { values } = await resolved({ explicit: { url: "https://x.example.com" }, home: folder });
    expect(values).toEqual({ url: "https://x.example.com" });
  });
});
