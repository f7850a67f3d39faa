import { join } from "node:path";
import { UNKNOWN } from "../../../provider/framework";
import type { MesheryServer } from "../../../provider/server";
import { dataSourceType, resourceType } from "../../../provider/terraform/provider/names";
import {
  dataSourceAttributes,
  providerAttributes,
  resourceAttributes,
} from "../../../provider/terraform/provider/schema";
import {
  type Attribution,
  decodeValue as decode,
  encodeValue as encode,
} from "../../../provider/terraform/provider/values";
import { PluginClient } from "../../support/pluginClient";
import { credentials, providerFolder } from "../../support/terraform";

export { UNKNOWN };

interface Told {
  /** 1 is an error, 2 a warning. */
  severity: number;
  summary: string;
  detail: string;
  attribute?: { steps?: { attributeName?: string }[] };
}

/** One process of the built provider, asked as an engine asks it, every request word for word. */
export class ProviderProcess {
  private constructor(private readonly client: PluginClient) {}

  /** Started and configured, by the environment and a provider block, for a server. */
  static async on(
    server: MesheryServer,
    env: Record<string, string> = {},
    block: Attribution = {},
  ): Promise<ProviderProcess> {
    const hidden = { MESHERY_ORGANIZATION_ID: "", MESHERY_ADOPT: "" };
    const client = await PluginClient.start(process.execPath, [join(providerFolder(), "provider.cjs")], {
      env: { ...hidden, ...credentials(server), ...env },
    });
    const config = Object.fromEntries([...providerAttributes.keys()].map((name) => [name, block[name] ?? null]));
    const { diagnostics } = await client.call("ConfigureProvider", { config: encode(providerAttributes, config) });
    if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
    return new ProviderProcess(client);
  }

  /** `prior` and `config` by attribute; what they leave out is null. */
  async plan(resource: string, prior: Attribution | null, config: Attribution | null) {
    const { typeName, attributes, object } = this.of(resource);
    const proposed = config && Object.fromEntries(Object.entries(object(config)).map(([k, v]) => [k, v ?? prior?.[k]]));
    const answer = await this.client.call("PlanResourceChange", {
      typeName,
      priorState: encode(attributes, object(prior)),
      config: encode(attributes, object(config)),
      proposedNewState: encode(attributes, object(proposed)),
    });
    return {
      planned: decode(attributes, answer.plannedState),
      replaces: answer.requiresReplace.flatMap(({ steps }) => steps?.map(({ attributeName }) => attributeName) ?? []),
      diagnostics: answer.diagnostics as unknown as Told[],
      private: answer.plannedPrivate,
    };
  }

  async read(resource: string, state: Attribution) {
    const { typeName, attributes, object } = this.of(resource);
    const answer = await this.client.call("ReadResource", {
      typeName,
      currentState: encode(attributes, object(state)),
    });
    return { state: decode(attributes, answer.newState), diagnostics: answer.diagnostics as unknown as Told[] };
  }

  /** Plans and applies; gives the state. */
  async apply(resource: string, prior: Attribution | null, config: Attribution | null) {
    const { typeName, attributes, object } = this.of(resource);
    const planned = await this.plan(resource, prior, config);
    const answer = await this.client.call("ApplyResourceChange", {
      typeName,
      priorState: encode(attributes, object(prior)),
      plannedState: encode(attributes, planned.planned),
      config: encode(attributes, object(config)),
      plannedPrivate: planned.private,
    });
    return { state: decode(attributes, answer.newState), diagnostics: answer.diagnostics as unknown as Told[] };
  }

  async import(resource: string, id: string) {
    const { typeName, attributes } = this.of(resource);
    const answer = await this.client.call("ImportResourceState", { typeName, id });
    const states = answer.importedResources.map(({ state }) => decode(attributes, state));
    return { states, diagnostics: answer.diagnostics as unknown as Told[] };
  }

  /** A state of an earlier version, as it stands in the state file. */
  async upgrade(resource: string, stored: object) {
    const { typeName, attributes } = this.of(resource);
    const rawState = { json: Buffer.from(JSON.stringify(stored)) };
    const answer = await this.client.call("UpgradeResourceState", { typeName, version: 0, rawState });
    return { state: decode(attributes, answer.upgradedState), diagnostics: answer.diagnostics as unknown as Told[] };
  }

  /** The answer of a data source, by the lookup's name. */
  async look(lookup: string, config: Attribution) {
    const typeName = dataSourceType(lookup);
    const attributes = dataSourceAttributes.get(typeName)!;
    const whole = Object.fromEntries([...attributes.keys()].map((name) => [name, config[name] ?? null]));
    const answer = await this.client.call("ReadDataSource", { typeName, config: encode(attributes, whole) });
    return { state: decode(attributes, answer.state), diagnostics: answer.diagnostics as unknown as Told[] };
  }

  stopWork(): Promise<unknown> {
    return this.client.call("StopProvider");
  }

  /** As an engine ends it, which does not mind whether the last answer still comes. */
  async end(): Promise<void> {
    await this.client.shutdown().catch(() => this.client.process.kill());
  }

  private of(resource: string) {
    const typeName = resourceType(resource);
    const attributes = resourceAttributes.get(typeName)!;
    const all = [...attributes.keys()];
    const object = (values: Attribution | null): Attribution =>
      (values && Object.fromEntries(all.map((name) => [name, values[name] ?? null]))) as Attribution;
    return { typeName, attributes, object };
  }
}
