import fc from "fast-check";
import * as z from "zod";
import { type Field, type Fields, flag, optional, output, recorded, required } from "../../provider/framework";
import {
  bodyOf,
  changeable,
  changedFields,
  declarable,
  EMPTY_MARKER,
  isHidden,
  isSame,
  jsonText,
  type ObjectRow,
  reference,
  reportedId,
  rowOf,
  shownValues,
  text,
  texts,
  unconfirmedFields,
  wiredFields,
} from "../../provider/resources/shared/wire";

const description = "";
const string = z.string();
const fields = {
  // As of servers that cut blanks.
  name: required(string, {
    description,
    wire: { ...text("name"), same: (there, wanted) => String(there) === String(wanted).trim() },
  }),
  subType: optional(string, { description, wire: text("subType", { leftOut: "kept", notOnEveryServer: true }) }),
  note: optional(string, { description, wire: text("note", { clearedBy: "marker" }) }),
  status: optional(string, { description, compare: "never", wire: text("status", { onlyAtCreation: true }) }),
  kind: required(string, { description, onChange: "replace", wire: text("kind") }),
  homeId: recorded(string, { description, wire: reference("homeId", "home") }),
  owner: output(string, { description, wire: reportedId("owner", "userId") }),
  labels: optional(z.record(string, string), { description, wire: texts("labels", "labelsJson") }),
  labelsJson: optional(string, { description, compare: "json", wire: jsonText("labels") }),
  force: flag({ description, defaultValue: false }),
} satisfies Fields;
const wired = wiredFields("Thing", fields);
const row = (values: Record<string, unknown>) => rowOf(wired, {}, { id: "1", ...values });
const field = (name: keyof typeof fields) => fields[name] as Field & { wire: NonNullable<Field["wire"]> };

describe("what is sent", () => {
  const there: ObjectRow = { ...row({ name: "a", sub_type: "s", note: "n", kind: "k", homeId: "h", status: "up" }) };

  test("of a new object is what the program says, empty where it says nothing, in both spellings", () => {
    expect(bodyOf(wired, { name: "a", homeId: "h", force: true })).toEqual({
      name: "a",
      subType: "",
      sub_type: "",
      note: "",
      status: "",
      kind: "",
      homeId: "h",
      home_id: "h",
      labels: {},
    });
  });

  test("of a change is what the program says, else what is there; what servers keep and move is left out", () => {
    expect(bodyOf(wired, { name: "b", status: "down" }, there)).toEqual({
      name: "b",
      note: "n",
      kind: "k",
      homeId: "h",
      home_id: "h",
      labels: {},
    });
    expect(bodyOf(wired, { subType: "", note: "", homeId: "other" }, there)).toMatchObject({
      name: "a",
      subType: "",
      sub_type: "",
      note: "",
      home_id: "other",
    });
  });

  const key = fc.constantFrom("a", "b", "c", "d");
  const json = fc.dictionary(key, fc.oneof(fc.string(), fc.integer(), fc.dictionary(key, fc.string())), { maxKeys: 3 });
  test("of an object is what is declared, and beside it what others put there", () => {
    fc.assert(
      fc.property(json, fc.option(fc.dictionary(key, fc.string())), fc.option(json), (before, labels, whole) => {
        // The two fields never have a key in common.
        const ours = Object.fromEntries(Object.entries(labels ?? {}).filter(([name]) => !(name in (whole ?? {}))));
        const values = {
          ...(labels && { labels: ours }),
          ...(whole && { labelsJson: JSON.stringify(whole) }),
        };
        const body = bodyOf(wired, values, row({ labels: before }));
        expect(changedFields(wired, row(body), values)).toEqual([]);
        const sent = body.labels as Record<string, unknown>;
        for (const [name, value] of Object.entries(before)) {
          if (!(name in ours) && !(name in (whole ?? {}))) expect([name, sent[name]]).toEqual([name, value]);
        }
        expect(Object.keys(sent).sort()).toEqual(
          [...new Set([before, ours, whole ?? {}].flatMap((one) => Object.keys(one)))].sort(),
        );
      }),
    );
  });

  test("of an object inside an object keeps what is not declared there", () => {
    const body = bodyOf(wired, { labelsJson: '{"a":{"b":2}}' }, row({ labels: { a: { b: 1, c: 1 }, d: 1 } }));
    expect(body.labels).toEqual({ a: { b: 2, c: 1 }, d: 1 });
  });
});

describe("a row", () => {
  test("is read alike in the old and the new spelling", () => {
    const values = { name: "a", subType: "s", kind: "k", homeId: "h", owner: "o" };
    const read = row(values);
    expect(row({ name: "a", sub_type: "s", kind: "k", home_id: "h", user_id: "o" })).toEqual(read);
    expect(read).toEqual({ id: "1", ...values, note: "", status: "", labels: {}, labelsJson: "{}" });
    expect(row({ home: "h" })).toMatchObject({ homeId: "h", owner: "" });
    expect(rowOf([], { size: ({ count }) => count }, { id: "1", count: 3 })).toEqual({ id: "1", name: "", size: 3 });
  });

  test("shows an empty text for the marker that stands for one, and only there", () => {
    for (const shown of [EMPTY_MARKER, ` ${EMPTY_MARKER}\n`]) expect(row({ note: shown }).note).toBe("");
    expect([row({ note: `x ${EMPTY_MARKER}` }).note, row({ kind: EMPTY_MARKER }).kind]).toEqual([
      `x ${EMPTY_MARKER}`,
      EMPTY_MARKER,
    ]);
  });

  test("says nothing of a text that not every server tells, and an empty one where it is told as empty", () => {
    expect([row({}), row({ subType: "" }), row({ sub_type: "" })].map(({ subType }) => subType)).toEqual([
      undefined,
      "",
      "",
    ]);
    const hidden = (name: string, values: ObjectRow) => isHidden(wired.find(([one]) => one === name)!, values);
    expect([
      hidden("subType", row({})),
      hidden("subType", row({ subType: "" })),
      hidden("note", { ...row({}) }),
    ]).toEqual([true, false, false]);
    const secret = optional(string, { description, writeOnly: true, versionField: "v", wire: text("secret") });
    expect(isHidden(["secret", { ...secret, wire: text("secret") }], row({}))).toBe(true);
  });

  test("holds texts as texts, and tells a lookup and an import of those that are", () => {
    const read = row({ labels: { a: "1", b: 2, c: { d: "3" } } });
    expect(read).toMatchObject({
      labels: { a: "1", b: "2", c: '{"d":"3"}' },
      labelsJson: '{"a":"1","b":2,"c":{"d":"3"}}',
    });
    expect(shownValues(wired, read)).toEqual({ labels: { a: "1" } });
    const imported = (name: "labels" | "labelsJson", of: ObjectRow) => field(name).wire.imported?.(of[name], of, {});
    expect([imported("labels", read), imported("labelsJson", read)]).toEqual([{ a: "1" }, '{"b":2,"c":{"d":"3"}}']);
    for (const empty of [row({}), row({ labels: null }), row({ labels: ["a"] })])
      expect([imported("labels", empty), imported("labelsJson", empty)]).toEqual([undefined, undefined]);
    const never = text("url", { clearedBy: "never" });
    expect([never.imported?.("", read, {}), never.imported?.("u", read, {})]).toEqual([undefined, "u"]);
  });
});

describe("a field", () => {
  test("differs from a row by what the program says, to the letter, where the row shows it", () => {
    const changed = (values: Record<string, unknown>, there = row({ name: "a", note: "n" })) =>
      changedFields(wired, there, values).map(([name]) => name);
    expect(changed({ name: "a", note: undefined })).toEqual([]);
    expect(changed({ name: "b", note: "" })).toEqual(["name", "note"]);
    expect(changed({ name: "a ", subType: "s" })).toEqual(["name"]);
    expect(changed({ subType: "s" }, row({ subType: "" }))).toEqual(["subType"]);
  });

  test("is confirmed by a server that cut the blanks at its ends, where servers do", () => {
    const [name, note] = [field("name"), field("note")];
    expect([
      isSame(name, "a", " a ", row({})),
      isSame(name, "a", "a", row({})),
      isSame(name, "b", "a", row({})),
      isSame(name, "", undefined, row({})),
    ]).toEqual([true, true, false, true]);
    expect([isSame(note, "a", " a ", row({})), isSame(note, undefined, "", row({}))]).toEqual([false, true]);
    const sent = { name: " a ", note: "other" };
    expect(unconfirmedFields(wired, row({ name: "a", note: "n" }), sent).map(([one]) => one)).toEqual(["note"]);
  });

  test("is declared by a program unless it is recorded, told by the server or for creation only", () => {
    const names = (of: typeof wired) => of.map(([name]) => name);
    const changing = ["name", "subType", "note", "labels", "labelsJson"];
    expect(names(declarable(wired))).toEqual([...changing.slice(0, 3), "kind", ...changing.slice(3)]);
    expect(names(changeable(wired))).toEqual(changing);
    expect(names(wired)).toEqual(Object.keys(fields).filter((name) => name !== "force"));
  });

  test("that a program writes has a wire, and a write-only one its version, which needs none", () => {
    const secret = { description, writeOnly: true, versionField: "version", wire: text("secret") };
    const version = optional(z.number(), { description });
    expect(wiredFields("Thing", { secret: optional(string, secret), version }).map(([name]) => name)).toEqual([
      "secret",
    ]);
    expect(() => wiredFields("Thing", { version })).toThrow("version of Thing has no `wire`");
    expect(() => wiredFields("Thing", { secret: optional(string, secret) })).toThrow("secret of Thing has no version");
    const { versionField: _, ...without } = secret;
    expect(() => wiredFields("Thing", { secret: optional(string, without), version })).toThrow(/has no/);
    expect(wiredFields("Thing", { shown: output(string, { description }) })).toEqual([]);
  });

  test("tells whether servers clear it, keep it, or move it, and what a new object has", () => {
    const { read: _r, write: _w, ...plain } = text("a");
    expect(plain).toEqual({ key: "a", leftOutIs: "" });
    expect(text("a", { leftOut: "kept" })).not.toHaveProperty("leftOutIs");
    expect(text("a", { onlyAtCreation: true })).not.toHaveProperty("leftOutIs");
    expect(text("a", { onlyAtCreation: true })).toHaveProperty("onlyAtCreation", true);
    expect(text("a", { clearedBy: "marker" })).toHaveProperty("clearedBy", "marker");
    expect(text("a", { clearedBy: "marker" })).not.toHaveProperty("imported");
  });
});
