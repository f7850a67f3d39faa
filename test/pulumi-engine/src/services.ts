/** The gRPC face of a run: ResourceMonitor for the program, Engine for program and providers. */
import { type handleUnaryCall, Server, ServerCredentials, type ServiceError, status } from "@grpc/grpc-js";
import type { Alias as AliasMessage } from "@pulumi/pulumi/proto/alias_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import {
  GetRootResourceResponse,
  type LogRequest,
  LogSeverity,
  RequirePulumiVersionResponse,
  SetRootResourceResponse,
} from "@pulumi/pulumi/proto/engine_pb";
import { CheckFailure } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  type ReadResourceRequest,
  ReadResourceResponse,
  type RegisterResourceRequest,
  RegisterResourceResponse,
  type ResourceInvokeRequest,
  ResourceInvokeResponse,
  Result,
  SupportsFeatureResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Alias } from "./aliases";
import { Deferred } from "./deferred";
import { ShutDown, StepFailed } from "./deployment";
import type { Diagnostics } from "./diagnostics";
import type { Severity } from "./driver";
import { errorText } from "./executor";
import type { Monitor, RegisterRequest } from "./monitor";
import { UNLIMITED_MESSAGES } from "./providerProcess";
import type { ResourceState } from "./state";
import { containsUnknowns, downgradeOutputValues, encode, fromStruct, type PropertyMap, toStruct } from "./values";

/** What the monitor can do; programs ask for each. Transforms, hooks and parameterized packages are left out. */
const FEATURES = new Set(["secrets", "resourceReferences", "outputValues", "aliasSpecs", "deletedWith"]);

const SEVERITIES: Record<number, Severity> = {
  [LogSeverity.DEBUG]: "debug",
  [LogSeverity.INFO]: "info",
  [LogSeverity.WARNING]: "warning",
  [LogSeverity.ERROR]: "error",
};

export class EngineServer {
  private readonly server = new Server(UNLIMITED_MESSAGES);
  private readonly finished = new Deferred<void>();
  private rootUrn = "";
  /** Absent while no program runs. */
  monitor: Monitor | undefined;
  address = "";

  constructor(private readonly diagnostics: Diagnostics) {
    this.server.addService(EngineService, {
      log: answer((request: LogRequest) => this.log(request)),
      getRootResource: answer(() => new GetRootResourceResponse().setUrn(this.rootUrn)),
      setRootResource: answer((request: { getUrn(): string }) => {
        this.rootUrn = request.getUrn();
        return new SetRootResourceResponse();
      }),
      startDebugging: answer(() => new Empty()),
      requirePulumiVersion: answer(() => new RequirePulumiVersionResponse()),
    });
    this.server.addService(ResourceMonitorService, {
      supportsFeature: answer((request: { getId(): string }) =>
        new SupportsFeatureResponse().setHassupport(FEATURES.has(request.getId())),
      ),
      registerResource: answer((request: RegisterResourceRequest) => register(this.running(), request)),
      readResource: answer((request: ReadResourceRequest) => read(this.running(), request)),
      registerResourceOutputs: answer(
        (request: { getUrn(): string; getOutputs(): import("google-protobuf/google/protobuf/struct_pb").Struct }) => {
          const outputs = downgradeOutputValues(fromStruct(request.getOutputs()) ?? {});
          this.running().registerOutputs(request.getUrn(), outputs);
          return new Empty();
        },
      ),
      invoke: answer((request: ResourceInvokeRequest) => invoke(this.running(), request)),
      signalAndWaitForShutdown: answer(async () => {
        this.programDone.resolve();
        await this.finished.promise;
        return new Empty();
      }),
    });
  }

  /** Settles when the program said that nothing more is to come. */
  programDone = new Deferred<void>();

  async start(): Promise<void> {
    const port = await new Promise<number>((resolve, reject) => {
      this.server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    this.address = `127.0.0.1:${port}`;
  }

  /** Lets the program end. */
  finish(): void {
    this.finished.resolve();
  }

  stop(): void {
    this.finish();
    this.server.forceShutdown();
  }

  private running(): Monitor {
    if (!this.monitor) throw new ShutDown();
    return this.monitor;
  }

  private log(request: LogRequest): Empty {
    const severity = SEVERITIES[request.getSeverity()] ?? "info";
    if (severity !== "debug") this.diagnostics.add(severity, request.getMessage(), request.getUrn());
    return new Empty();
  }
}

/** A handler whose errors reach the program: the end of the run as "unavailable", everything else as it is. */
function answer<Q, R>(handler: (request: Q) => R | Promise<R>): handleUnaryCall<Q, R> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => handler(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => {
          const code = error instanceof ShutDown ? status.UNAVAILABLE : status.UNKNOWN;
          callback({ code, details: errorText(error) } as ServiceError);
        },
      );
  };
}

async function register(monitor: Monitor, request: RegisterResourceRequest): Promise<RegisterResourceResponse> {
  let state: ResourceState;
  try {
    state = await monitor.register(registerRequest(request));
  } catch (error) {
    if (!(error instanceof StepFailed) || !request.getSupportsresultreporting()) throw error;
    return new RegisterResourceResponse().setUrn(error.urn).setResult(Result.FAIL);
  }
  let outputs = encode(state.outputs, {
    secrets: request.getAcceptsecrets(),
    resources: request.getAcceptresources(),
    unknowns: true,
  });
  if (!request.getSupportspartialvalues()) outputs = withoutUnknowns(outputs);
  return new RegisterResourceResponse()
    .setUrn(state.urn)
    .setId(state.id ?? "")
    .setObject(toStruct(outputs));
}

function withoutUnknowns(outputs: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => !containsUnknowns(value)));
}

function registerRequest(request: RegisterResourceRequest): RegisterRequest {
  const properties = downgradeOutputValues(fromStruct(request.getObject()) ?? {});
  const dependencies = request.getDependenciesList();
  const propertyDependencies: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((entry, key) => {
    propertyDependencies[key] = entry.getUrnsList();
  });
  if (Object.keys(propertyDependencies).length === 0) {
    for (const key of Object.keys(properties)) propertyDependencies[key] = dependencies;
  }
  const deleteBeforeReplace = request.getDeletebeforereplacedefined() || request.getDeletebeforereplace();
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    properties,
    parent: request.getParent() || undefined,
    provider: request.getProvider() || undefined,
    providers: Object.fromEntries(request.getProvidersMap().entries()),
    version: request.getVersion() || undefined,
    dependencies,
    propertyDependencies,
    aliases: [
      ...request.getAliasurnsList().map((urn) => ({ urn })),
      ...request.getAliasesList().map((alias) => aliasOf(alias, request.getAliasspecs())),
    ],
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    deleteBeforeReplace: deleteBeforeReplace ? request.getDeletebeforereplace() : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    deletedWith: request.getDeletedwith() || undefined,
    importId: request.getImportid() || undefined,
  };
}

/** Older Node libraries (`aliasSpecs` unset) said "no parent" by an empty parent, and the other way round. */
function aliasOf(message: AliasMessage, wellFormed: boolean): Alias {
  const spec = message.getSpec();
  if (!spec) return { urn: message.getUrn() };
  const parentUrn = spec.getParenturn() || undefined;
  const noParent = wellFormed ? spec.getNoparent() : !parentUrn && !spec.getNoparent();
  return {
    name: spec.getName() || undefined,
    type: spec.getType() || undefined,
    stack: spec.getStack() || undefined,
    project: spec.getProject() || undefined,
    parentUrn,
    noParent,
  };
}

async function read(monitor: Monitor, request: ReadResourceRequest): Promise<ReadResourceResponse> {
  const state = await monitor.read({
    type: request.getType(),
    name: request.getName(),
    id: request.getId(),
    properties: downgradeOutputValues(fromStruct(request.getProperties()) ?? {}),
    parent: request.getParent() || undefined,
    provider: request.getProvider() || undefined,
    version: request.getVersion() || undefined,
    dependencies: request.getDependenciesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
  });
  const outputs = encode(state.outputs, {
    secrets: request.getAcceptsecrets(),
    resources: request.getAcceptresources(),
    unknowns: true,
  });
  return new ReadResourceResponse().setUrn(state.urn).setProperties(toStruct(outputs));
}

async function invoke(monitor: Monitor, request: ResourceInvokeRequest): Promise<ResourceInvokeResponse> {
  const { outputs, failures } = await monitor.invoke({
    token: request.getTok(),
    args: downgradeOutputValues(fromStruct(request.getArgs()) ?? {}),
    provider: request.getProvider() || undefined,
    version: request.getVersion() || undefined,
  });
  const resources = request.getAcceptresources() || request.getTok() === "pulumi:pulumi:getResource";
  return new ResourceInvokeResponse()
    .setReturn(toStruct(encode(outputs, { secrets: true, resources, unknowns: true })))
    .setFailuresList(
      failures.map(({ property, reason }) => new CheckFailure().setProperty(property).setReason(reason)),
    );
}
