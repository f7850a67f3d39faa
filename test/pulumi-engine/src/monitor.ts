/**
 * What declares resources talks to this: a Node program through gRPC (services.ts), a YAML document directly. It
 * knows which provider serves what, and what children take from their parents.
 */
import type { Deployment } from "./deployment";
import type { Goal, ReadGoal } from "./goal";
import type { ResourceState } from "./state";
import { isProviderType, packageOf, parseReference, parseUrn } from "./urn";
import type { PropertyMap } from "./values";

export interface RegisterRequest extends Goal {
  /** Providers for this resource and its children, by package. */
  providers: Record<string, string>;
  /** Version of the plugin, when the program's library is tied to one. */
  version?: string | undefined;
}

export interface ReadRequest extends Omit<ReadGoal, "provider"> {
  provider?: string | undefined;
  version?: string | undefined;
}

export interface InvokeRequest {
  token: string;
  args: PropertyMap;
  provider?: string | undefined;
  version?: string | undefined;
}

export interface InvokeResult {
  outputs: PropertyMap;
  failures: { property: string; reason: string }[];
}

export class Monitor {
  private readonly goals = new Map<string, Goal>();
  /** Providers that components hand to their children. */
  private readonly providers = new Map<string, Record<string, string>>();

  constructor(readonly deployment: Deployment) {}

  /** @returns the record; of a component, without the outputs of an earlier run. */
  async register(request: RegisterRequest): Promise<ResourceState> {
    const goal = this.inherit(request);
    const packageName = packageOf(goal.type);
    if (goal.custom && !isProviderType(goal.type)) {
      goal.provider ||= request.providers[packageName] ?? this.providers.get(goal.parent ?? "")?.[packageName];
      goal.provider ||= await this.deployment.defaultProvider(packageName, request.version);
    } else goal.provider = undefined;
    if (isProviderType(goal.type) && request.version) {
      goal.properties = { ...goal.properties, version: request.version, __internal: {} };
    }
    const state = await this.deployment.register(goal);
    this.goals.set(state.urn, goal);
    if (!goal.custom) this.providers.set(state.urn, request.providers);
    return goal.custom ? state : { ...state, outputs: {} };
  }

  async read(request: ReadRequest): Promise<ResourceState> {
    const provider =
      request.provider || (await this.deployment.defaultProvider(packageOf(request.type), request.version));
    return this.deployment.read({ ...request, provider });
  }

  async invoke(request: InvokeRequest): Promise<InvokeResult> {
    if (request.token === "pulumi:pulumi:getResource") return { outputs: this.getResource(request.args), failures: [] };
    const reference =
      request.provider || (await this.deployment.defaultProvider(packageOf(request.token), request.version));
    const provider = this.deployment.registry.get(reference);
    if (!provider) throw new Error(`unknown provider '${request.provider}' -> '${reference}'`);
    return provider.invoke(request.token, request.args, this.deployment.settings.preview);
  }

  registerOutputs(urn: string, outputs: PropertyMap): void {
    this.deployment.registerOutputs(urn, outputs);
  }

  private inherit(request: RegisterRequest): Goal {
    const { providers: _, version: __, ...goal } = request;
    const parent = this.goals.get(goal.parent ?? "");
    if (!parent) return goal;
    goal.deletedWith ||= parent.deletedWith;
    goal.protect ??= parent.protect;
    goal.retainOnDelete ??= parent.retainOnDelete;
    const sameProvider = (): boolean =>
      packageOf(parseUrn(parseReference(parent.provider ?? "").urn).type) === packageOf(goal.type);
    if (!goal.provider && parent.provider && goal.custom && sameProvider()) goal.provider = parent.provider;
    return goal;
  }

  /** What a resource reference stands for. */
  private getResource(args: PropertyMap): PropertyMap {
    const urn = String(args.urn);
    const state = this.deployment.find(urn);
    if (!state) throw new Error(`unknown resource ${urn}`);
    return { urn, id: state.id ?? "", state: state.outputs };
  }
}
