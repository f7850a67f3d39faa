/** The engine's side of one provider process: requests put into protocol form, answers taken out of it. */
import { type ServiceError, status } from "@grpc/grpc-js";
import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  CheckRequest,
  type CheckResponse,
  ConfigureRequest,
  type ConfigureResponse,
  CreateRequest,
  type CreateResponse,
  DeleteRequest,
  DiffRequest,
  type DiffResponse,
  GetSchemaRequest,
  type GetSchemaResponse,
  InvokeRequest,
  type InvokeResponse,
  ProviderHandshakeRequest,
  type ProviderHandshakeResponse,
  ReadRequest,
  type ReadResponse,
  UpdateRequest,
  type UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import {
  type CheckFailure,
  type CheckResult,
  checkResult,
  configureErrorText,
  type DiffResult,
  diffResult,
  failuresOf,
  NO_ANSWER,
  type ReadResult,
  refuseUnknowns,
  type WriteResult,
  writeResult,
} from "./answers";
import { type ProviderProcess, unary } from "./providerProcess";
import { parseUrn } from "./urn";
import {
  type Accepts,
  annotateSecrets,
  containsSecrets,
  containsUnknowns,
  encode,
  fromStruct,
  type PropertyMap,
  secret,
  toStruct,
  unwrapSecrets,
} from "./values";

/** A diff cannot be made because the provider's own configuration is not known yet. */
export class DiffUnavailable extends Error {}

interface Protocol {
  secrets: boolean;
  resources: boolean;
  preview: boolean;
}

/** Tells the run's record of a request; called just before it is sent. */
export type RecordCall = (method: string, details?: { urn?: string; token?: string; preview?: boolean }) => void;

export class Provider {
  private protocol: Protocol | undefined;
  /** False when the configuration holds unknowns, so the process was never configured. */
  private configured: Promise<{ known: boolean }> | undefined;
  private closed = false;

  private constructor(
    private readonly process: ProviderProcess,
    private readonly record: RecordCall,
  ) {}

  /** Handshake, then GetPluginInfo. */
  static async open(process: ProviderProcess, record: RecordCall, engineAddress: string, root: string) {
    const provider = new Provider(process, record);
    await provider.handshake(engineAddress, root);
    record("GetPluginInfo");
    await unary((done) => provider.client.getPluginInfo(new Empty(), done));
    return provider;
  }

  async checkConfig(urn: string, olds: PropertyMap | undefined, news: PropertyMap): Promise<CheckResult> {
    const request = checkRequest(urn);
    if (olds !== undefined) request.setOlds(toStruct(unwrapSecrets(olds)));
    request.setNews(toStruct(unwrapSecrets(news)));
    this.record("CheckConfig", { urn });
    const answer = await this.unlessUnimplemented<CheckResponse>((done) => this.client.checkConfig(request, done));
    if (answer === undefined) return { inputs: news, failures: [] };
    const result = checkResult(answer);
    annotateSecrets(result.inputs, news);
    return result;
  }

  async diffConfig(urn: string, oldInputs: PropertyMap, oldOutputs: PropertyMap, news: PropertyMap) {
    const request = diffRequest(urn, "");
    request.setOldInputs(toStruct(unwrapSecrets(oldInputs)));
    request.setOlds(toStruct(unwrapSecrets(oldOutputs)));
    request.setNews(toStruct(unwrapSecrets(news)));
    this.record("DiffConfig", { urn });
    const answer = await this.unlessUnimplemented<DiffResponse>((done) => this.client.diffConfig(request, done));
    return answer === undefined ? NO_ANSWER : diffResult(answer);
  }

  /** Begins to configure; an error comes out at the first request that needs the configuration. */
  configure(urn: string, id: string, inputs: PropertyMap): void {
    if (containsUnknowns(inputs)) {
      this.protocol ??= { secrets: false, resources: false, preview: false };
      this.configured = Promise.resolve({ known: false });
      return;
    }
    const { name, type } = parseUrn(urn);
    const request = new ConfigureRequest()
      .setUrn(urn)
      .setId(id)
      .setName(name)
      .setType(type)
      .setAcceptsecrets(true)
      .setAcceptresources(true)
      .setSendsOldInputs(true)
      .setSendsOldInputsToDelete(true)
      .setArgs(toStruct(inputs));
    const variables = request.getVariablesMap();
    for (const [key, value] of Object.entries(unwrapSecrets(inputs))) {
      if (key === "version") continue;
      const packageName = type.slice(type.lastIndexOf(":") + 1);
      variables.set(`${packageName}:config:${key}`, typeof value === "string" ? value : JSON.stringify(value));
    }
    this.record("Configure", { urn });
    this.configured = unary<ConfigureResponse>((done) => this.client.configure(request, done)).then(
      (answer) => {
        this.protocol ??= {
          secrets: answer.getAcceptsecrets(),
          resources: answer.getAcceptresources(),
          preview: answer.getSupportspreview(),
        };
        return { known: true };
      },
      (error: ServiceError) => {
        throw new Error(configureErrorText(error));
      },
    );
    this.configured.catch(() => undefined);
  }

  async check(
    urn: string,
    olds: PropertyMap | undefined,
    news: PropertyMap,
    options: CheckOptions,
  ): Promise<CheckResult> {
    const { known, accepts } = await this.ready(options.preview);
    if (!known) return { inputs: news, failures: [] };
    const request = checkRequest(urn).setRandomseed(options.randomSeed);
    request.setOlds(toStruct(encode(olds ?? {}, accepts)));
    request.setNews(toStruct(encode(news, accepts)));
    this.record("Check", { urn });
    const result = checkResult(await unary<CheckResponse>((done) => this.client.check(request, done)));
    if (!options.preview) refuseUnknowns(result.inputs, "inputs");
    if (!accepts.secrets) annotateSecrets(result.inputs, news);
    return result;
  }

  /** @throws DiffUnavailable when the provider's configuration is not known. */
  async diff(urn: string, id: string, old: OldState, news: PropertyMap, options: DiffOptions): Promise<DiffResult> {
    const { known, accepts } = await this.ready(options.unknowns);
    if (!known) {
      throw new DiffUnavailable(
        "The provider for this resource has inputs that are not known during preview.\n" +
          "This preview may not correctly represent the changes that will be applied during an update.",
      );
    }
    const request = diffRequest(urn, id).setIgnorechangesList(options.ignoreChanges ?? []);
    request.setOldInputs(toStruct(encode(old.inputs, accepts)));
    request.setOlds(toStruct(encode(old.outputs, accepts)));
    request.setNews(toStruct(encode(news, accepts)));
    this.record("Diff", { urn });
    return diffResult(await unary<DiffResponse>((done) => this.client.diff(request, done)));
  }

  async create(urn: string, inputs: PropertyMap, preview: boolean): Promise<WriteResult> {
    const { known, accepts } = await this.ready(preview);
    if (preview && !known) return { id: "", outputs: {} };
    if (preview && !this.protocol?.preview) return { id: "", outputs: { ...inputs } };
    const request = new CreateRequest().setUrn(urn).setPreview(preview);
    request.setName(parseUrn(urn).name).setType(parseUrn(urn).type);
    request.setProperties(toStruct(encode(inputs, accepts)));
    this.record("Create", { urn, preview });
    const result = await writeResult(
      unary<CreateResponse>((done) => this.client.create(request, done)),
      (answer) => ({ id: answer.getId(), outputs: fromStruct(answer.getProperties()) ?? {} }),
    );
    if (result.id === "" && !preview) throw new Error(`plugin returned empty resource.ID from create '${urn}'`);
    if (!preview) refuseUnknowns(result.outputs, "outputs");
    if (!accepts.secrets) annotateSecrets(result.outputs, inputs);
    return result;
  }

  async update(
    urn: string,
    id: string,
    old: OldState,
    news: PropertyMap,
    options: UpdateOptions,
  ): Promise<WriteResult> {
    const { preview } = options;
    const { known, accepts } = await this.ready(preview);
    if (preview && !known) return { id, outputs: {} };
    if (preview && !this.protocol?.preview) return { id, outputs: { ...news } };
    const request = new UpdateRequest().setId(id).setUrn(urn).setPreview(preview);
    request.setName(parseUrn(urn).name).setType(parseUrn(urn).type);
    request.setIgnorechangesList(options.ignoreChanges ?? []);
    request.setOldInputs(toStruct(encode(old.inputs, { ...accepts, unknowns: false })));
    request.setOlds(toStruct(encode(old.outputs, { ...accepts, unknowns: false })));
    request.setNews(toStruct(encode(news, accepts)));
    this.record("Update", { urn, preview });
    const result = await writeResult(
      unary<UpdateResponse>((done) => this.client.update(request, done)),
      (answer) => ({ id, outputs: fromStruct(answer.getProperties()) ?? {} }),
    );
    if (!preview) refuseUnknowns(result.outputs, "outputs");
    if (!accepts.secrets) annotateSecrets(result.outputs, news);
    return result;
  }

  /** An import gives neither properties nor inputs; a `get` gives the same for both; a refresh gives the old state. */
  async read(urn: string, id: string, known: { outputs?: PropertyMap; inputs?: PropertyMap }): Promise<ReadResult> {
    const { known: configured, accepts } = await this.ready(false);
    if (!configured) return { id: "", outputs: {}, inputs: {} };
    const request = new ReadRequest().setId(id).setUrn(urn);
    request.setName(parseUrn(urn).name).setType(parseUrn(urn).type);
    if (known.inputs !== undefined) request.setInputs(toStruct(encode(known.inputs, accepts)));
    if (known.outputs !== undefined) request.setProperties(toStruct(encode(known.outputs, accepts)));
    this.record("Read", { urn });
    const result = await writeResult<ReadResponse, ReadResult>(
      unary((done) => this.client.read(request, done)),
      (answer) => ({
        id: answer.getId(),
        outputs: fromStruct(answer.getProperties()),
        inputs: fromStruct(answer.getInputs()),
      }),
    );
    refuseUnknowns(result.outputs ?? {}, "outputs");
    refuseUnknowns(result.inputs ?? {}, "inputs");
    if (!accepts.secrets) {
      annotateSecrets(result.inputs, known.inputs);
      annotateSecrets(result.outputs, known.outputs);
    }
    return result;
  }

  async delete(urn: string, id: string, old: OldState): Promise<void> {
    const { accepts } = await this.ready(false);
    const request = new DeleteRequest().setId(id).setUrn(urn);
    request.setName(parseUrn(urn).name).setType(parseUrn(urn).type);
    request.setProperties(toStruct(encode(old.outputs, accepts)));
    request.setOldInputs(toStruct(encode(old.inputs, accepts)));
    this.record("Delete", { urn });
    await unary((done) => this.client.delete(request, done));
  }

  async invoke(token: string, args: PropertyMap, preview: boolean) {
    const { known, accepts } = await this.ready(false);
    if (!known) return { outputs: {} as PropertyMap, failures: [] as CheckFailure[] };
    const request = new InvokeRequest().setTok(token).setPreview(preview);
    request.setArgs(toStruct(encode(args, accepts)));
    this.record("Invoke", { token, preview });
    const answer = await unary<InvokeResponse>((done) => this.client.invoke(request, done));
    const outputs = fromStruct(answer.getReturn()) ?? {};
    refuseUnknowns(outputs, "returns");
    if (!accepts.secrets && containsSecrets(args)) {
      for (const [key, value] of Object.entries(outputs)) outputs[key] = secret(value);
    }
    return { outputs, failures: failuresOf(answer.getFailuresList()) };
  }

  /** The package's schema, parsed; empty when the plugin has none. */
  async schema(): Promise<PropertyMap> {
    this.record("GetSchema");
    const answer = await this.unlessUnimplemented<GetSchemaResponse>((done) =>
      this.client.getSchema(new GetSchemaRequest(), done),
    );
    return JSON.parse(answer?.getSchema() || "{}") as PropertyMap;
  }

  /** Cancel, then the end of the process. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.record("Cancel");
    await unary((done) => this.client.cancel(new Empty(), done)).catch(() => undefined);
    await this.process.stop();
  }

  /** The end of the process without a word, as when the engine dies. */
  async kill(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.process.kill();
  }

  private get client(): ResourceProviderClient {
    return this.process.client;
  }

  private async handshake(engineAddress: string, root: string): Promise<void> {
    const request = new ProviderHandshakeRequest()
      .setEngineAddress(engineAddress)
      .setRootDirectory(root)
      .setProgramDirectory(root)
      .setConfigureWithUrn(true)
      .setSupportsViews(true)
      .setInvokeWithPreview(true)
      .setAcceptsByteString(true);
    this.record("Handshake");
    const answer = await this.unlessUnimplemented<ProviderHandshakeResponse>((done) =>
      this.client.handshake(request, done),
    );
    if (answer === undefined) return;
    this.protocol = { secrets: answer.getAcceptSecrets(), resources: answer.getAcceptResources(), preview: true };
  }

  private async ready(unknowns: boolean): Promise<{ known: boolean; accepts: Accepts }> {
    if (this.configured === undefined) throw new Error("the provider was not configured");
    const { known } = await this.configured;
    const { secrets = false, resources = false } = this.protocol ?? {};
    return { known, accepts: { secrets, resources, unknowns } };
  }

  private async unlessUnimplemented<R>(
    send: (done: (error: ServiceError | null, answer: R) => void) => unknown,
  ): Promise<R | undefined> {
    try {
      return await unary(send);
    } catch (error) {
      if ((error as ServiceError).code === status.UNIMPLEMENTED) return undefined;
      throw error;
    }
  }
}

export interface OldState {
  inputs: PropertyMap;
  outputs: PropertyMap;
}

export interface CheckOptions {
  preview: boolean;
  randomSeed: Uint8Array;
}

export interface DiffOptions {
  unknowns: boolean;
  ignoreChanges?: string[] | undefined;
}

export interface UpdateOptions {
  preview: boolean;
  ignoreChanges?: string[] | undefined;
}

function checkRequest(urn: string): CheckRequest {
  const { name, type } = parseUrn(urn);
  return new CheckRequest().setUrn(urn).setName(name).setType(type);
}

function diffRequest(urn: string, id: string): DiffRequest {
  const { name, type } = parseUrn(urn);
  return new DiffRequest().setUrn(urn).setId(id).setName(name).setType(type);
}
