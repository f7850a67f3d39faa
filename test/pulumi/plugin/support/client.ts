import { type ServiceError, status } from "@grpc/grpc-js";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
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
import type { MesheryServer } from "../../../../provider/server";
import {
  checkResult,
  Diagnostics,
  diffResult,
  EngineServer,
  failuresOf,
  fromStruct,
  type PropertyMap,
  ProviderProcess,
  toStruct,
  unary,
  writeResult,
} from "../../../pulumi-engine";
import { credentials, pluginCommand } from "./plugin";

type Done<R> = (error: ServiceError | null, response: R) => void;

export interface Read {
  properties?: PropertyMap;
  inputs?: PropertyMap;
}

/**
 * One process of the plugin and an engine that listens to what it logs: every request of the protocol, word for word, with
 * nothing of an engine's own rules in between.
 */
export class PluginClient {
  private constructor(
    private readonly process: ProviderProcess,
    private readonly engine: EngineServer,
    private readonly diagnostics: Diagnostics,
    /** Lines on standard error, and on standard output behind the port. */
    readonly printed: string[],
  ) {}

  /** `cwd`: the program's folder. */
  static async start(env: Record<string, string | undefined> = {}, cwd = __dirname): Promise<PluginClient> {
    const diagnostics = new Diagnostics();
    const engine = new EngineServer(diagnostics);
    await engine.start();
    const printed: string[] = [];
    const process = await ProviderProcess.start(pluginCommand(env), {
      engineAddress: engine.address,
      cwd,
      onOutput: (_, line) => printed.push(line),
    });
    return new PluginClient(process, engine, diagnostics, printed);
  }

  /** Started, greeted and configured for a server by the environment. */
  static async on(server: MesheryServer, env: Record<string, string> = {}): Promise<PluginClient> {
    const client = await PluginClient.start({ ...credentials(server), ...env });
    await client.handshake();
    await client.configure({});
    return client;
  }

  /** What was told to the user. */
  get messages() {
    return this.diagnostics.messages;
  }

  get engineAddress(): string {
    return this.engine.address;
  }

  get raw(): ResourceProviderClient {
    return this.process.client;
  }

  async stop(): Promise<void> {
    await this.process.stop();
    this.engine.stop();
  }

  handshake(): Promise<ProviderHandshakeResponse> {
    const request = new ProviderHandshakeRequest().setEngineAddress(this.engine.address).setConfigureWithUrn(true);
    return this.call((done: Done<ProviderHandshakeResponse>) => this.raw.handshake(request, done));
  }

  async schema(): Promise<string> {
    const call = (done: Done<GetSchemaResponse>) => this.raw.getSchema(new GetSchemaRequest(), done);
    return (await this.call(call)).getSchema();
  }

  attach(address: string): Promise<Empty> {
    return this.call((done: Done<Empty>) => this.raw.attach(new PluginAttach().setAddress(address), done));
  }

  cancel(): Promise<Empty> {
    return this.call((done: Done<Empty>) => this.raw.cancel(new Empty(), done));
  }

  async checkConfig(news: PropertyMap, name = "default") {
    const request = new CheckRequest().setUrn(providerUrn(name)).setNews(toStruct(news));
    return checkResult(await this.call((done: Done<CheckResponse>) => this.raw.checkConfig(request, done)));
  }

  async diffConfig(oldInputs: PropertyMap, news: PropertyMap) {
    const request = new DiffRequest().setUrn(providerUrn("default")).setId("provider");
    request.setOldInputs(toStruct(oldInputs)).setOlds(toStruct(oldInputs)).setNews(toStruct(news));
    return diffResult(await this.call((done: Done<DiffResponse>) => this.raw.diffConfig(request, done)));
  }

  configure(args: PropertyMap, name = "default"): Promise<ConfigureResponse> {
    const request = new ConfigureRequest().setUrn(providerUrn(name)).setName(name).setArgs(toStruct(args));
    request.setAcceptsecrets(true).setAcceptresources(true).setSendsOldInputs(true);
    return this.call((done: Done<ConfigureResponse>) => this.raw.configure(request, done));
  }

  async check(type: string, news: PropertyMap, { name = "it", olds = {} as PropertyMap } = {}) {
    const request = new CheckRequest().setUrn(urn(type, name)).setType(token(type)).setName(name);
    request.setOlds(toStruct(olds)).setNews(toStruct(news));
    return checkResult(await this.call((done: Done<CheckResponse>) => this.raw.check(request, done)));
  }

  async diff(type: string, id: string, old: { outputs: PropertyMap; inputs: PropertyMap }, news: PropertyMap) {
    const request = new DiffRequest().setUrn(urn(type)).setType(token(type)).setName("it").setId(id);
    request.setOlds(toStruct(old.outputs)).setOldInputs(toStruct(old.inputs)).setNews(toStruct(news));
    const response = await this.call((done: Done<DiffResponse>) => this.raw.diff(request, done));
    const inputDiffs: Record<string, boolean> = {};
    response.getDetaileddiffMap().forEach((entry, path) => {
      inputDiffs[path] = entry.getInputdiff();
    });
    return { ...diffResult(response), inputDiffs };
  }

  async create(type: string, inputs: PropertyMap, { preview = false, name = "it" } = {}) {
    const request = new CreateRequest().setUrn(urn(type, name)).setType(token(type)).setName(name);
    request.setProperties(toStruct(inputs)).setPreview(preview);
    return writeResult(
      this.call((done: Done<CreateResponse>) => this.raw.create(request, done)),
      (answer) => ({ id: answer.getId(), outputs: fromStruct(answer.getProperties()) ?? {} }),
    );
  }

  async read(type: string, id: string, { properties, inputs }: Read = {}) {
    const request = new ReadRequest().setUrn(urn(type)).setType(token(type)).setName("it").setId(id);
    if (properties) request.setProperties(toStruct(properties));
    if (inputs) request.setInputs(toStruct(inputs));
    const answer = await this.call((done: Done<ReadResponse>) => this.raw.read(request, done));
    return {
      id: answer.getId(),
      outputs: fromStruct(answer.getProperties()),
      inputs: fromStruct(answer.getInputs()),
    };
  }

  async update(
    type: string,
    id: string,
    old: { outputs: PropertyMap; inputs: PropertyMap },
    news: PropertyMap,
    { preview = false } = {},
  ) {
    const request = new UpdateRequest().setUrn(urn(type)).setType(token(type)).setName("it").setId(id);
    request.setOlds(toStruct(old.outputs)).setOldInputs(toStruct(old.inputs)).setNews(toStruct(news));
    request.setPreview(preview);
    return writeResult(
      this.call((done: Done<UpdateResponse>) => this.raw.update(request, done)),
      (answer) => ({ id, outputs: fromStruct(answer.getProperties()) ?? {} }),
    );
  }

  async delete(type: string, id: string, outputs: PropertyMap, inputs: PropertyMap = {}): Promise<void> {
    const request = new DeleteRequest().setUrn(urn(type)).setType(token(type)).setName("it").setId(id);
    request.setProperties(toStruct(outputs)).setOldInputs(toStruct(inputs));
    await this.call((done: Done<Empty>) => this.raw.delete(request, done));
  }

  async invoke(name: string, args: PropertyMap) {
    const request = new InvokeRequest().setTok(`meshery:index:${name}`).setArgs(toStruct(args));
    const answer = await this.call((done: Done<InvokeResponse>) => this.raw.invoke(request, done));
    return { result: fromStruct(answer.getReturn()), failures: failuresOf(answer.getFailuresList()) };
  }

  call<R>(send: (done: Done<R>) => unknown): Promise<R> {
    return unary(send);
  }
}

export const token = (type: string): string => `meshery:index:${type}`;
export const urn = (type: string, name = "it"): string => `urn:pulumi:dev::test::${token(type)}::${name}`;
const providerUrn = (name: string): string => `urn:pulumi:dev::test::pulumi:providers:meshery::${name}`;

/** The code and the text of the error that a call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<{ code: string; text: string }> {
  try {
    await call;
  } catch (error) {
    const { code, details } = error as ServiceError;
    return { code: status[code] ?? String(code), text: details };
  }
  throw new Error("the call was to fail, but it did not");
}
