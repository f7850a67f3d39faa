import fc from "fast-check";
import { hasMarkedLine, parseTaggedText, renderTaggedText } from "../../provider/resources/shared/tagLine";

// What is written into a description is read from it again, whatever it is and whatever people do around it.

const hostile = fc.oneof(
  fc.constantFrom("=", "%", "%20", "%zz", " ", "\n", "\t", "\r\n", "\u2028", "archived", "[meshery-iac]", "a b", "ü=%"),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: "grapheme", maxLength: 12 }),
);
const tags = fc
  .array(
    fc.tuple(
      hostile.filter((key) => key !== ""),
      hostile,
    ),
    { maxLength: 6 },
  )
  .map((entries): Record<string, string> => Object.fromEntries(entries));
const text = fc
  .array(
    fc.oneof(fc.constantFrom("", " ", "Live", "see [meshery-iac]", "a=b archived"), fc.string({ unit: "grapheme" })),
    {
      maxLength: 4,
    },
  )
  .map((lines) => lines.join("\n"))
  .filter((description) => !hasMarkedLine(description));
const tagged = fc.record({ text, tags, archived: fc.boolean() });

test("what is rendered is parsed", () => {
  fc.assert(
    fc.property(tagged, (value) => {
      expect(parseTaggedText(renderTaggedText(value))).toEqual(value);
    }),
    { numRuns: 2_000 },
  );
});

test("a description without tags is the text itself, and the order of tags does not show", () => {
  expect(renderTaggedText({ text: "Live\n", tags: {}, archived: false })).toBe("Live\n");
  const line = "Live\n[meshery-iac] archived region=us-east stage=production";
  expect(renderTaggedText({ text: "Live", tags: { stage: "production", region: "us-east" }, archived: true })).toBe(
    line,
  );
  expect(renderTaggedText({ text: "", tags: { a: "b=c d", "e=f": "" }, archived: false })).toBe(
    "[meshery-iac] a=b=c%20d e%3Df=",
  );
});

test("people may write below and above it, and put blanks around it: no tag is lost", () => {
  fc.assert(
    fc.property(tagged, text, text, fc.constantFrom("", " ", "\t ", "\r"), (value, above, below, blank) => {
      fc.pre(Object.keys(value.tags).length > 0);
      const line = renderTaggedText({ ...value, text: "" });
      const found = parseTaggedText(`${above}\n${blank}${line}${blank}\n${below}`);
      expect(found).toEqual({
        text: below.trim() === "" ? above : `${above}\n${below}`,
        tags: value.tags,
        archived: value.archived,
      });
    }),
  );
});

test.each([
  ["Live\n[meshery-iac] stage=production", "stage=production", "stage=test", { stage: "test" }],
  ["Live\n[meshery-iac] stage=production", "production", "production please leave", { stage: "production" }],
  ["Live\n[meshery-iac] a=b stage=x", "stage=x", "100%=5%", { a: "b", "100%": "5%" }],
  ["Live\n[meshery-iac] a=b", "a=b", "=b a= %FF=%C3", { a: "", "%FF": "%C3" }],
  ["Live\n[meshery-iac] a=b", "a=b", "__proto__=x constructor=y", JSON.parse('{"__proto__":"x","constructor":"y"}')],
])("a line that is edited by hand is read as far as it says something: %s, %s becomes %s", (description, was, is, tags) => {
  expect(parseTaggedText(description.replace(was, is))).toEqual({ text: "Live", tags, archived: false });
});

test("a line that is deleted leaves the text, and of several the last one counts", () => {
  expect(parseTaggedText("Live\n")).toEqual({ text: "Live\n", tags: {}, archived: false });
  expect(parseTaggedText("[meshery-iac] a=b\nLive\n[meshery-iac] archived")).toEqual({
    text: "Live",
    tags: {},
    archived: true,
  });
  expect(parseTaggedText("[meshery-iac]")).toEqual({ text: "", tags: {}, archived: false });
});

test("reading never fails", () => {
  fc.assert(
    fc.property(hostile, hostile, (a, b) => void parseTaggedText(`${a}[meshery-iac]${b}\n[meshery-iac] ${b} ${a}`)),
  );
});
