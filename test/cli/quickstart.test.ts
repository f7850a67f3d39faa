import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describeEngines, findEngines } from "../support/engines";
import { root } from "../support/terraform";

const cli = join(root, "dist", "cli.cjs");

/** Runs the built command with nothing on the PATH but what is given, and a hostile environment besides. */
function quickstart(args: string[], path: string) {
  const env = {
    PATH: path,
    HOME: tmpdir(),
    MESHERY_URL: "http://127.0.0.1:9",
    TF_CLI_CONFIG_FILE: "/nowhere",
    TF_LOG: "trace",
  };
  return spawnSync(process.execPath, [cli, "quickstart", ...args], { encoding: "utf8", env, timeout: 110_000 });
}

describeEngines("quickstart", (engine) => {
  test("does what it says, in plain text", () => {
    const path = [dirname(engine.path), dirname(process.execPath), "/bin", "/usr/bin"].join(":");
    const { status, stdout, stderr } = quickstart(["--engine", engine.name], path);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/16 to do:/);
    expect(stdout).toMatch(
      /workspace platform-team\n.*environment development\n.*dev-k3s-local \(kubernetes, discovered\)/,
    );
    expect(stdout).toMatch(/- development: .*\n.*\+ development: .*github-main/);
    expect(stdout).toMatch(/1 to do:\n.*github-main/);
    expect(stdout).toMatch(/No changes/);
    expect(stdout).toMatch(/Meshery is as it was/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there.
    expect(stdout).not.toMatch(/\u001b/);
  });
});

test("quickstart says in two lines where to get an engine", () => {
  const cached = findEngines().some(({ path }) => path.includes(".cache"));
  const folder = mkdtempSync(join(tmpdir(), "empty-path-"));
  try {
    symlinkSync(process.execPath, join(folder, "node"));
    const { status, stderr } = quickstart(cached ? ["--engine", "terraform"] : [], folder);
    expect(status).toBe(1);
    expect(stderr.trim().split("\n")).toHaveLength(2);
    expect(stderr).toMatch(/opentofu\.org/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  [["quickstart", "--engine", "chef"], 1, /must be one of/],
  [["quickstart", "--engines"], 2, /^meshery-iac quickstart: Unknown option '--engines'; see --help\n$/],
  [["nonsense"], 2, /there is no command "nonsense"/],
  [[], 2, /Usage/],
])("a wrong call gets one clear message: %j", (args, code, message) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: "utf8" });
  expect(status).toBe(code);
  expect(stdout + stderr).toMatch(message);
});
