/** The toy's provider plugin: the gRPC service in as few words as show every answer an engine may get. */
import { type handleUnaryCall, Metadata, Server, ServerCredentials, status } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  CheckFailure,
  type CheckRequest,
  CheckResponse,
  type ConfigureRequest,
  ConfigureResponse,
  type CreateRequest,
  CreateResponse,
  type DeleteRequest,
  type DiffRequest,
  DiffResponse,
  ErrorResourceInitFailed,
  GetSchemaResponse,
  type InvokeRequest,
  InvokeResponse,
  PropertyDiff,
  ProviderHandshakeResponse,
  type ReadRequest,
  ReadResponse,
  type UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { containsUnknowns, fromStruct, isSecret, type PropertyMap, toStruct, unwrapSecrets } from "../../src/values";
import { ask, difference, PartialError, type ToyConfig } from "./client";
import type { ToyObject } from "./world";

const config: ToyConfig = {};

const open = (struct: Struct | undefined): PropertyMap => unwrapSecrets(fromStruct(struct) ?? {});

/** The outputs of a thing; what was secret going in is secret coming out. */
function outputs(object: ToyObject, inputs: PropertyMap): Struct {
  const values: PropertyMap = { ...(object.properties as PropertyMap), serial: object.serial };
  for (const [key, value] of Object.entries(inputs)) if (isSecret(value)) values[key] = value;
  return toStruct(values);
}

function schema(): string {
  const properties = { name: { type: "string" }, zone: { type: "string" }, size: { type: "string" } };
  const inputProperties = { ...properties, note: { type: "string" }, friend: { type: "string" } };
  return JSON.stringify({
    name: "toy",
    version: "1.0.0",
    config: { variables: { url: { type: "string" }, token: { type: "string", secret: true } } },
    provider: { inputProperties: { url: { type: "string" }, token: { type: "string", secret: true } } },
    resources: {
      "toy:index:Thing": {
        inputProperties: { ...inputProperties, deleteFirst: { type: "boolean" }, password: { type: "string" } },
        requiredInputs: ["name"],
        properties: { ...inputProperties, serial: { type: "integer" } },
        required: ["name", "serial"],
      },
    },
    functions: {
      "toy:index:getThing": {
        inputs: { properties: { name: { type: "string" } }, required: ["name"] },
        outputs: { properties: { id: { type: "string" }, serial: { type: "integer" } }, required: ["id", "serial"] },
      },
    },
  });
}

function initFailed({ object, message }: PartialError, inputs: PropertyMap): Error {
  const detail = new ErrorResourceInitFailed()
    .setId(object.id)
    .setProperties(outputs(object, inputs))
    .setReasonsList([message]);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const whole = new Status().setCode(status.UNKNOWN).setMessage(message);
  whole.addDetails(packed);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(whole.serializeBinary()));
  return Object.assign(new Error(message), { code: status.UNKNOWN, details: message, metadata });
}

async function write<T>(inputs: PropertyMap, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof PartialError ? initFailed(error, inputs) : error;
  }
}

function handle<Q, R>(work: (request: Q) => R | Promise<R>): handleUnaryCall<Q, R> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => work(call.request))
      .then(
        (answer) => callback(null, answer),
        (error) => callback({ code: status.INTERNAL, ...error, details: error.details ?? error.message }),
      );
  };
}

const service = {
  handshake: handle(() => new ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptResources(true)),
  getPluginInfo: handle(() => new PluginInfo().setVersion("1.0.0")),
  getSchema: handle(() => new GetSchemaResponse().setSchema(schema())),
  cancel: handle(() => new Empty()),
  attach: handle(() => new Empty()),
  checkConfig: handle((request: CheckRequest) => {
    const news = open(request.getNews());
    const answer = new CheckResponse().setInputs(request.getNews());
    if (news.url === undefined) {
      answer.addFailures(new CheckFailure().setProperty("url").setReason("toy:url is missing"));
    }
    return answer;
  }),
  diffConfig: handle((request: DiffRequest) => {
    const olds = open(request.getOldInputs());
    const news = open(request.getNews());
    const diffs = ["url", "token"].filter((key) => olds[key] !== news[key]);
    const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
    return new DiffResponse().setChanges(diffs.length > 0 ? DIFF_SOME : DIFF_NONE).setDiffsList(diffs);
  }),
  configure: handle((request: ConfigureRequest) => {
    const args = open(request.getArgs());
    config.url = args.url as string;
    config.token = args.token as string;
    return new ConfigureResponse().setAcceptsecrets(true).setAcceptresources(true).setSupportspreview(true);
  }),
  check: handle((request: CheckRequest) => {
    const answer = new CheckResponse().setInputs(request.getNews());
    if (open(request.getNews()).name === "") {
      answer.addFailures(new CheckFailure().setProperty("name").setReason("a thing needs a name"));
    }
    return answer;
  }),
  diff: handle((request: DiffRequest) => {
    const news = open(request.getNews());
    const { diffs, replaces } = difference(open(request.getOldInputs()), news);
    const answer = new DiffResponse().setDiffsList(diffs).setReplacesList(replaces).setHasdetaileddiff(true);
    const { UPDATE, UPDATE_REPLACE } = PropertyDiff.Kind;
    for (const key of diffs) {
      const kind = replaces.includes(key) ? UPDATE_REPLACE : UPDATE;
      answer.getDetaileddiffMap().set(key, new PropertyDiff().setKind(kind).setInputdiff(true));
    }
    const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
    return answer
      .setChanges(diffs.length > 0 ? DIFF_SOME : DIFF_NONE)
      .setDeletebeforereplace(news.deleteFirst === true);
  }),
  create: handle(async (request: CreateRequest) => {
    const inputs = fromStruct(request.getProperties()) ?? {};
    if (request.getPreview()) return new CreateResponse().setProperties(toStruct(inputs));
    return write(inputs, async () => {
      const object = (await ask(config, "create", { properties: unwrapSecrets(inputs) })) as ToyObject;
      return new CreateResponse().setId(object.id).setProperties(outputs(object, inputs));
    });
  }),
  read: handle(async (request: ReadRequest) => {
    const object = await ask(config, "read", { id: request.getId() });
    if (!object) return new ReadResponse();
    const old = fromStruct(request.getInputs()) ?? {};
    const answer = new ReadResponse().setId(object.id).setProperties(outputs(object, old));
    const inputs: PropertyMap = { ...(object.properties as PropertyMap) };
    for (const [key, value] of Object.entries(old)) if (isSecret(value)) inputs[key] = value;
    return answer.setInputs(toStruct(inputs));
  }),
  update: handle(async (request: UpdateRequest) => {
    const inputs = fromStruct(request.getNews()) ?? {};
    if (request.getPreview()) return new UpdateResponse().setProperties(toStruct(inputs));
    return write(inputs, async () => {
      const properties = unwrapSecrets(inputs);
      const object = (await ask(config, "update", { id: request.getId(), properties })) as ToyObject;
      return new UpdateResponse().setProperties(outputs(object, inputs));
    });
  }),
  delete: handle(async (request: DeleteRequest) => {
    await ask(config, "delete", { id: request.getId(), properties: { name: open(request.getProperties()).name } });
    return new Empty();
  }),
  invoke: handle(async (request: InvokeRequest) => {
    const args = open(request.getArgs());
    if (containsUnknowns(args)) throw new Error("an invoke was sent an unknown");
    const object = await ask(config, "get", { properties: { name: args.name } });
    const answer = new InvokeResponse();
    if (object) return answer.setReturn(toStruct({ id: object.id, serial: object.serial }));
    answer.addFailures(new CheckFailure().setProperty("name").setReason("no such thing"));
    return answer;
  }),
};

const server = new Server();
server.addService(ResourceProviderService, service);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
// An engine that dies closes the pipe.
process.stdin.on("end", () => process.exit()).resume();
