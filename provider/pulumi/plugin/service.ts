import { readFile } from "node:fs/promises";
import { PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  CheckFailure,
  CheckRequest,
  CheckResponse,
  ConfigureRequest,
  ConfigureResponse,
  CreateRequest,
  CreateResponse,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  GetSchemaRequest,
  GetSchemaResponse,
  InvokeRequest,
  InvokeResponse,
  PropertyDiff,
  ProviderHandshakeRequest,
  ProviderHandshakeResponse,
  ReadRequest,
  ReadResponse,
  UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Problem } from "../../framework";
import type { UnaryHandler } from "../../grpc";
import type { Diff } from "./diff";
import type { PluginProvider, Subject } from "./provider";
import { fromStruct, toStruct } from "./struct";

export interface ServiceOptions {
  version: string;
  /** The built schema. */
  schemaFile: string;
  /** Where the engine listens, from the command line; a handshake or an attach may name another place. */
  engineAddress: string | undefined;
  env: NodeJS.ProcessEnv;
}

export interface Service {
  /** By path, "/package.Service/Method". */
  methods: ReadonlyMap<string, UnaryHandler>;
  /** Lets what is under way finish and begins nothing new. */
  cancel(): void;
}

/**
 * The engine's requests, each answered by the provider behind it, which is loaded with the first request that needs it. What
 * is not here (parameters, components, mappings, lists) answers "unimplemented", which the engine takes for "has none".
 */
export function createService({ version, schemaFile, engineAddress, env }: ServiceOptions): Service {
  let engine = engineAddress;
  let loaded: Promise<PluginProvider> | undefined;
  let instance: PluginProvider | undefined;
  let cancelled = false;

  const warn = async (text: string, urn: string) => {
    if (!engine) return void process.stderr.write(`warning: ${text}\n`);
    const { warnThroughEngine } = await import("./engineLog");
    await warnThroughEngine(engine, text, urn);
  };
  const provider = () => {
    loaded ??= import("./provider").then(({ PluginProvider }) => {
      instance = new PluginProvider({ version, env, warn, engineAddress: () => engine });
      if (cancelled) instance.cancel();
      return instance;
    });
    return loaded;
  };
  const cancel = () => {
    cancelled = true;
    instance?.cancel();
  };

  const answers = {
    Handshake: answer(ProviderHandshakeRequest, async (request) => {
      if (request.getEngineAddress()) engine = request.getEngineAddress();
      return new ProviderHandshakeResponse()
        .setAcceptSecrets(true)
        .setAcceptResources(true)
        .setAcceptOutputs(false)
        .setSupportsAutonamingConfiguration(false);
    }),
    Attach: answer(PluginAttach, async (request) => {
      engine = request.getAddress() || engine;
      return new Empty();
    }),
    Cancel: answer(Empty, async () => {
      cancel();
      return new Empty();
    }),
    GetPluginInfo: answer(Empty, async () => new PluginInfo().setVersion(version)),
    GetSchema: answer(GetSchemaRequest, async () =>
      new GetSchemaResponse().setSchema(await readFile(schemaFile, "utf8")),
    ),

    CheckConfig: answer(CheckRequest, async (request) => {
      const news = fromStruct(request.getNews()) ?? {};
      return checkResponse(await (await provider()).checkConfig(request.getUrn(), news));
    }),
    DiffConfig: answer(DiffRequest, async (request) => {
      // Engines before 3.80 send no old inputs; a provider's outputs are its inputs.
      const olds = fromStruct(request.getOldInputs()) ?? fromStruct(request.getOlds()) ?? {};
      const changed = (await provider()).diffConfig(olds, fromStruct(request.getNews()) ?? {});
      const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
      // Never "replaces": that would replace everything the provider manages. But every change counts: after "none" the
      // engine goes on with the old arguments.
      return new DiffResponse().setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE).setDiffsList(changed);
    }),
    Configure: answer(ConfigureRequest, async (request) => {
      const name = request.getName() || nameIn(request.getUrn() ?? "");
      await (await provider()).configure(fromStruct(request.getArgs()) ?? {}, name, request.getUrn() ?? "");
      return new ConfigureResponse()
        .setAcceptsecrets(true)
        .setAcceptresources(true)
        .setSupportspreview(true)
        .setAcceptoutputs(false)
        .setSupportsAutonamingConfiguration(false);
    }),

    Check: answer(CheckRequest, async (request) => {
      return checkResponse(await (await provider()).check(subject(request), fromStruct(request.getNews()) ?? {}));
    }),
    Diff: answer(DiffRequest, async (request) => {
      const old = {
        id: request.getId(),
        outputs: fromStruct(request.getOlds()),
        inputs: fromStruct(request.getOldInputs()),
      };
      return diffResponse((await provider()).diff(subject(request), old, fromStruct(request.getNews()) ?? {}));
    }),
    Create: answer(CreateRequest, async (request) => {
      const news = fromStruct(request.getProperties()) ?? {};
      const { id, outputs } = await (await provider()).create(subject(request), news, request.getPreview());
      return new CreateResponse().setId(id).setProperties(toStruct(outputs));
    }),
    Read: answer(ReadRequest, async (request) => {
      const found = await (await provider()).read(subject(request), {
        id: request.getId(),
        outputs: fromStruct(request.getProperties()),
        inputs: fromStruct(request.getInputs()),
      });
      // No id and no properties: refreshes drop the record, `get` and import say that it does not exist.
      if (!found) return new ReadResponse();
      return new ReadResponse()
        .setId(found.id)
        .setProperties(toStruct(found.outputs))
        .setInputs(toStruct(found.inputs));
    }),
    Update: answer(UpdateRequest, async (request) => {
      const old = {
        id: request.getId(),
        outputs: fromStruct(request.getOlds()),
        inputs: fromStruct(request.getOldInputs()),
      };
      const news = fromStruct(request.getNews()) ?? {};
      const outputs = await (await provider()).update(subject(request), old, news, request.getPreview());
      return new UpdateResponse().setProperties(toStruct(outputs));
    }),
    Delete: answer(DeleteRequest, async (request) => {
      await (await provider()).delete(subject(request), {
        id: request.getId(),
        outputs: fromStruct(request.getProperties()),
        inputs: fromStruct(request.getOldInputs()),
      });
      return new Empty();
    }),
    Invoke: answer(InvokeRequest, async (request) => {
      const args = fromStruct(request.getArgs()) ?? {};
      const { result, failures } = await (await provider()).invoke(request.getTok(), args);
      const response = new InvokeResponse().setFailuresList(failures.map(failure));
      return result ? response.setReturn(toStruct(result)) : response;
    }),
  };
  const methods = new Map(Object.entries(answers).map(([name, work]) => [`/pulumirpc.ResourceProvider/${name}`, work]));
  return { methods, cancel };
}

/** A method of the service from a function; what it throws is answered as an error. */
function answer<Request>(
  message: { deserializeBinary(bytes: Uint8Array): Request },
  work: (request: Request) => Promise<{ serializeBinary(): Uint8Array }>,
): UnaryHandler {
  return async (bytes) => {
    try {
      return (await work(message.deserializeBinary(bytes))).serializeBinary();
    } catch (error) {
      const [{ explanationOf }, { failureOf }] = await Promise.all([import("./provider"), import("./failure")]);
      throw failureOf(explanationOf(error));
    }
  };
}

/** Engines before 3.128 send no type beside the URN, whose third part holds it behind those of its parents. */
function subject(request: { getUrn(): string; getType(): string }): Subject {
  const urn = request.getUrn();
  return { urn, type: request.getType() || (urn.split("::")[2]?.split("$").at(-1) ?? "") };
}

/** Names may hold the separator themselves: they are all that follows the type. */
const nameIn = (urn: string): string | undefined => urn.split("::").slice(3).join("::") || undefined;

const failure = ({ field, message }: Problem): CheckFailure => new CheckFailure().setProperty(field).setReason(message);

const checkResponse = ({ inputs, failures }: { inputs: Record<string, unknown>; failures: Problem[] }): CheckResponse =>
  new CheckResponse().setInputs(toStruct(inputs)).setFailuresList(failures.map(failure));

function diffResponse({ fields, replaces, detailed, deleteBeforeReplace }: Diff): DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
  const { Kind } = PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  const response = new DiffResponse()
    .setChanges(fields.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(fields)
    .setReplacesList(replaces)
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  for (const [path, { change, replace, inputs }] of detailed) {
    const kind = kinds[change][replace ? 1 : 0];
    response.getDetaileddiffMap().set(path, new PropertyDiff().setKind(kind).setInputdiff(inputs));
  }
  return response;
}
