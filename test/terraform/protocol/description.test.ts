import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Enum, Field, loadSync, type Method, type NamespaceBase, parse, type Root, Service, Type } from "protobufjs";
import { rpcNames } from "../../../provider/terraform/protocol/service";

const ours = loadSync(join(__dirname, "..", "..", "..", "provider", "terraform", "protocol", "tfplugin6.proto"));

// OpenTofu ships the description it was built from. `npm run engines` leaves its source in Go's cache; nothing is
// downloaded for this test.
function official(): Root | undefined {
  try {
    const env = { ...process.env, GOPROXY: "off", GOFLAGS: "-mod=mod", GOWORK: "off" };
    const args = ["mod", "download", "-json", "github.com/opentofu/opentofu@v1.12.6"];
    const { Dir } = JSON.parse(
      execFileSync("go", args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
    const text = readFileSync(join(Dir, "docs", "plugin-protocol", "tfplugin6.10.proto"), "utf8");
    const { root } = parse(text.replace(/import "[^"]*";/, ""));
    root
      .define("google.protobuf")
      .add(new Type("Timestamp").add(new Field("seconds", 1, "int64")).add(new Field("nanos", 2, "int32")));
    root.resolveAll();
    return root;
  } catch {
    return undefined;
  }
}

/** Every message, enum and call below a namespace, by its path. */
function contents(space: NamespaceBase, found = new Map<string, Type | Enum | Service>()) {
  for (const part of space.nestedArray) {
    if (part instanceof Type || part instanceof Enum || part instanceof Service) found.set(part.fullName, part);
    if ("nestedArray" in part) contents(part as NamespaceBase, found);
  }
  return found;
}

function describeField(field: Field) {
  const type = (field.resolvedType?.fullName ?? field.type).replace(".google.protobuf.", ".tfplugin6.");
  return { id: field.id, type, repeated: field.repeated, map: field.map, oneof: field.partOf?.name };
}

function signature(method: Method | undefined) {
  method?.resolve();
  return [method?.resolvedRequestType?.fullName, method?.resolvedResponseType?.fullName];
}

it("lists the calls of our service", () => {
  expect([...rpcNames].sort()).toEqual(Object.keys(ours.lookupService("tfplugin6.Provider").methods).sort());
});

const theirs = official();
const whenKnown = theirs ? it : it.skip;
if (!theirs) console.warn("skipped: OpenTofu's source is not in Go's module cache (npm run engines puts it there)");

whenKnown("agrees with OpenTofu on every number, type and call it has", () => {
  const known = contents((theirs as Root).lookup("tfplugin6") as NamespaceBase);
  for (const [name, part] of contents(ours.resolveAll().lookup("tfplugin6") as NamespaceBase)) {
    if (name === ".tfplugin6.Timestamp") continue;
    const other = known.get(name);
    if (part instanceof Enum && other instanceof Enum) expect([name, part.values]).toEqual([name, other.values]);
    else if (part instanceof Service && other instanceof Service) {
      for (const method of part.methodsArray) {
        expect([method.name, signature(method)]).toEqual([method.name, signature(other.methods[method.name])]);
      }
    } else if (part instanceof Type && other instanceof Type) {
      for (const field of part.fieldsArray) {
        const twin = other.fields[field.name];
        expect([field.fullName, describeField(field)]).toEqual([field.fullName, twin && describeField(twin)]);
      }
    } else throw new Error(`${name} is not in OpenTofu's description`);
  }
});
