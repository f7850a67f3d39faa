import { readFile } from "node:fs/promises";
import { PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  GetSchemaRequest,
  GetSchemaResponse,
  ProviderHandshakeRequest,
  ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { UnaryHandler } from "../../grpc";
import { configurationMethods } from "./configurationMethods";
import { answer, type LoadProvider, type Methods } from "./method";
import type { PluginProvider } from "./provider";
import { resourceMethods } from "./resourceMethods";

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

  const warn = (text: string, urn: string) => warnUser(engine, text, urn);
  const provider: LoadProvider = () => {
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

  const ofProcess: Methods = {
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
  };
  const methods = { ...ofProcess, ...configurationMethods(provider), ...resourceMethods(provider) };
  const byPath = Object.entries(methods).map(([name, work]) => [`/pulumirpc.ResourceProvider/${name}`, work] as const);
  return { methods: new Map(byPath), cancel };
}

async function warnUser(engineAddress: string | undefined, text: string, urn: string): Promise<void> {
  if (!engineAddress) return void process.stderr.write(`warning: ${text}\n`);
  const { warnThroughEngine } = await import("./engineLog");
  await warnThroughEngine(engineAddress, text, urn);
}
