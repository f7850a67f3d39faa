import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { PeerFiles, peers } from "../../provider/run/peers";
import { UserFolder } from "../../provider/run/userFolder";

const URL = "http://127.0.0.1:9081";
const scratch = mkdtempSync(join(tmpdir(), "peers-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const folder = new UserFolder("runs", 60_000, scratch);
const peer = (at: string, url = URL) => new PeerFiles(folder, at, url);
const address = () => `127.0.0.1:${randomUUID()}`;

describe("the provider processes of one run", () => {
  test("hear of whatever ids the others keep, whenever they ask", () => {
    const text = fc.string({ unit: fc.oneof(fc.constantFrom("\n", " ", '"', "\u0000", "\ud800"), fc.string()) });
    const things = fc.uniqueArray(fc.record({ by: fc.boolean(), key: text, ask: fc.boolean() }), {
      selector: ({ key }) => key,
    });
    fc.assert(
      fc.property(things, (list) => {
        const at = address();
        const [one, two] = [peer(at), peer(at)];
        for (const { by, key, ask } of list) {
          const [who, other] = by ? [one, two] : [two, one];
          if (ask) expect(other.isAnnounced("Environment", key)).toBe(false);
          who.announce("Environment", key);
          expect(other.isAnnounced("Environment", key)).toBe(true);
          // Not of itself: that is what its own memory is for.
          expect(who.isAnnounced("Environment", key)).toBe(false);
          expect(other.isAnnounced("Workspace", key)).toBe(false);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("know no other run, and no other Meshery", () => {
    const at = address();
    peer(at).announce("Environment", "e");
    expect(peer(address()).isAnnounced("Environment", "e")).toBe(false);
    expect(peer(at, `${URL}/other`).isAnnounced("Environment", "e")).toBe(false);
    expect(peer(at).isAnnounced("Environment", "e")).toBe(true);
    expect(peers(undefined, URL)).toBeUndefined();
  });

  test("tell no more once they begin a new run", () => {
    const at = address();
    const first = peer(at);
    first.announce("Environment", "e");
    first.end();
    expect(peer(at).isAnnounced("Environment", "e")).toBe(false);
  });

  test("are told from those of an earlier run at the same address, which are not there any more", () => {
    const at = address();
    const known = new Set(readdirSync(folder.path));
    peer(at).announce("Environment", "e");
    const run = join(folder.path, readdirSync(folder.path).find((name) => !known.has(name))!);
    const [file = ""] = readdirSync(run);
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    renameSync(join(run, file), join(run, file.replace(/^\d+/, String(gone))));
    expect(peer(at).isAnnounced("Environment", "e")).toBe(false);
    // Another process that has the same id by now is not the same one.
    renameSync(join(run, readdirSync(run)[0]!), join(run, file.replace(/^(\d+) \d+/, "$1 1")));
    expect(peer(at).isAnnounced("Environment", "e")).toBe(!/^\d+ \d+/.test(file));
  });

  test("keep what they write to themselves, and do without where they cannot", () => {
    peer(address()).announce("Environment", "e");
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    const moved = `${folder.path} moved`;
    renameSync(folder.path, moved);
    symlinkSync(moved, folder.path); // as somebody else might
    const at = address();
    peer(at).announce("Environment", "e");
    expect(peer(at).isAnnounced("Environment", "e")).toBe(false);
  });
});
