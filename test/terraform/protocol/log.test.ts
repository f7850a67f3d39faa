import { logLine, logs } from "../../../provider/terraform/protocol/log";

const now = new Date("2026-01-02T03:04:05.678Z");

it("writes lines as the engines' logger reads them", () => {
  const line = logLine("warn", "A message\nof two lines", { rpc: "ReadResource", ms: 12, none: undefined }, now);
  expect(line).not.toContain("\n");
  expect(JSON.parse(line)).toEqual({
    "@level": "warn",
    "@message": "A message\nof two lines",
    "@module": "provider",
    "@timestamp": "2026-01-02T03:04:05.678000Z",
    rpc: "ReadResource",
    ms: 12,
  });
});

it("lets no field take the place of the logger's own", () => {
  expect(JSON.parse(logLine("info", "text", { "@level": "trace", "@message": "other" }, now))).toMatchObject({
    "@level": "info",
    "@message": "text",
    level: "trace",
  });
});

it("keeps a line below what the engines read at once", () => {
  expect(logLine("error", "x".repeat(1_000_000), { stack: "y".repeat(1_000_000) }, now).length).toBeLessThan(65_536);
});

it.each([
  [{}, [], ["trace", "error"]],
  [{ TF_LOG: "INFO" }, ["info", "warn", "error"], ["trace", "debug"]],
  [{ TF_LOG: "TRACE", TF_LOG_PROVIDER: "error" }, ["error"], ["warn"]],
  [{ TF_LOG: "JSON" }, ["trace"], []],
  [{ TF_LOG: "off" }, [], ["error"]],
  [{ TF_LOG: "nonsense" }, [], ["error"]],
] as const)("follows %j", (env, written, silent) => {
  for (const level of written) expect(logs(level, env as NodeJS.ProcessEnv)).toBe(true);
  for (const level of silent) expect(logs(level, env as NodeJS.ProcessEnv)).toBe(false);
});
