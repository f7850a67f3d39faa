// The public interface of each door as a text under api/, so that a change of it shows in a diff: names and types, without
// comments and without what says nothing to who reviews.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "./bundle.mjs";
import { declarations } from "./declarations.mjs";

const IMPORTS = ["@pulumi/pulumi", "cdktf", "cdktn", "constructs"];
const { exports: entries } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** `[file, text]` of each report, made from the built package. */
export function apiReports() {
  const doors = Object.entries(entries).filter(([, { types }]) => types !== undefined);
  const texts = declarations(
    doors.map(([, { types }]) => join(root, types)),
    IMPORTS,
  );
  return doors.map(([door], index) => [
    join(root, "api", `${door.slice("./".length)}.d.ts`),
    report(door, texts[index]),
  ]);
}

function report(door, text) {
  const source = ts.createSourceFile("door.d.ts", text, ts.ScriptTarget.Latest, true);
  const printer = ts.createPrinter({ removeComments: true });
  const told = source.statements.filter((statement) => !saysNothing(statement)).map(withoutNoise);
  const body = told.map((statement) => printer.printNode(ts.EmitHint.Unspecified, statement, source)).join("\n\n");
  return `// What \`meshery-iac${door.slice(1)}\` exports. Written by \`npm run docs\`; every change here is one that users see.\n${body}\n`;
}

/** `export {}`, and the functions by which generated constructs write themselves. */
function saysNothing(statement) {
  if (ts.isFunctionDeclaration(statement)) return /To(Hcl)?Terraform$/.test(statement.name?.text ?? "");
  return ts.isExportDeclaration(statement) && statement.getText() === "export {};";
}

function withoutNoise(statement) {
  if (!ts.isClassDeclaration(statement)) return statement;
  const { modifiers, name, typeParameters, heritageClauses, members } = statement;
  const names = new Set(members.map((member) => member.name?.getText()));
  const told = members.filter((member) => !isNoise(member, names));
  return ts.factory.updateClassDeclaration(statement, modifiers, name, typeParameters, heritageClauses, told);
}

/**
 * What is hidden from users, and the four members that a generated construct has for each attribute beside its getter: a setter,
 * `resetName`, `nameInput`, and a private field.
 */
function isNoise(member, names) {
  if (ts.isConstructorDeclaration(member)) return false;
  if (ts.isSetAccessorDeclaration(member)) return true;
  if (ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) return true;
  const name = member.name?.getText() ?? "";
  return /^reset[A-Z]/.test(name) || (name.endsWith("Input") && names.has(name.slice(0, -"Input".length)));
}
