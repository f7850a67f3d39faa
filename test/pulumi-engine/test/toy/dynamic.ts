/** Handlers of the toy's dynamic resources, found by the one line that stands in `__provider`. */
import type { dynamic } from "@pulumi/pulumi";
import { ask, difference, PartialError, type ToyConfig } from "./client";
import type { ToyProperties } from "./world";

const config: ToyConfig = {};

export const thing: dynamic.ResourceProvider<ToyProperties, ToyProperties> = {
  async configure(request) {
    config.url = request.config.get("toy:url");
    config.token = request.config.get("toy:token");
  },
  async check(_olds, news) {
    const failures = news.name === "" ? [{ property: "name", reason: "a thing needs a name" }] : [];
    return { inputs: news, failures };
  },
  async diff(_id, olds, news) {
    // A thing with an opinion leaves the comparison to the engine.
    if (news.size === "engine decides") return {};
    const { diffs, replaces } = difference(olds, news);
    return { changes: diffs.length > 0, replaces, deleteBeforeReplace: news.deleteFirst === true };
  },
  async create(inputs) {
    return whole(inputs, async () => {
      const object = await ask(config, "create", { properties: plain(inputs) });
      return { id: object?.id ?? "", outs: { ...inputs, serial: object?.serial } };
    });
  },
  async read(id, props = {}) {
    const object = await ask(config, "read", { id });
    if (!object) return { id: "", props: {} };
    const { serial: _, ...inputs } = props;
    return {
      id,
      props: { ...props, ...object.properties, serial: object.serial },
      inputs: { ...inputs, ...object.properties },
    };
  },
  async update(id, _olds, news) {
    return whole(news, async () => {
      const object = await ask(config, "update", { id, properties: plain(news) });
      return { outs: { ...news, serial: object?.serial } };
    });
  },
  async delete(id, props) {
    await ask(config, "delete", { id, properties: { name: props.name } });
  },
};

function plain({ __provider: _, ...properties }: ToyProperties): ToyProperties {
  return properties;
}

/** Partial work is told the way the dynamic host understands, with the provider's own line kept. */
async function whole<T>(inputs: ToyProperties, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PartialError)) throw error;
    const { id, serial } = error.object;
    throw Object.assign(error, { id, properties: { ...inputs, serial }, reasons: [error.message] });
  }
}
