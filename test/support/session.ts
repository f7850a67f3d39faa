import type { Timing } from "../../provider/client";
import { openSession as open, type Session } from "../../provider/configuration";
import type { State, Values, Warning } from "../../provider/framework";
import { lifecycles } from "../../provider/resources";
import type { MesheryServer } from "../../provider/server";
import { SHORT } from "./timing";

/** A resource's functions against a running server, without an engine. */
export interface Bench {
  session: Session;
  warnings: Warning[];
  /** Inputs with the ids of the ends that they give by name; unknown where a plan cannot know them. */
  withEnds(type: string, state: State | undefined, inputs: Values): Promise<Values>;
  create(type: string, inputs: Values): Promise<State>;
  read(type: string, state: State): Promise<State | undefined>;
  update(type: string, state: State, inputs: Values): Promise<State>;
  remove(type: string, state: State): Promise<void>;
  import(type: string, id: string): Promise<State>;
}

/** A session of the product that waits no longer than a test has to. */
export const openSession: typeof open = (configuration, options) => open(configuration, { timing: SHORT, ...options });

/** A session as a provider process has it; a new one stands for a new run. */
export function benchFor(
  server: MesheryServer,
  options: {
    url?: string;
    token?: string;
    mesheryProvider?: string;
    organizationId?: string;
    defaultTags?: Record<string, string>;
    env?: NodeJS.ProcessEnv;
    timing?: Partial<Timing>;
  } = {},
): Bench {
  const warnings: Warning[] = [];
  const session = openSession(
    {
      url: options.url ?? server.url,
      token: options.token ?? server.token,
      mesheryProvider: options.mesheryProvider ?? server.mesheryProvider,
      ...(options.organizationId === undefined ? {} : { organizationId: options.organizationId }),
      ...(options.defaultTags === undefined ? {} : { defaultTags: options.defaultTags }),
      origins: { token: "a test" },
    },
    { env: options.env ?? {}, timing: { ...SHORT, ...options.timing } },
  );
  const context = session.context((warning) => warnings.push(warning));
  const of = (type: string) => lifecycles.get(type)!;
  return {
    session,
    warnings,
    withEnds: async (type, state, inputs) => {
      const { ids, notices } = await of(type).plannedEnds(context, inputs, state, context.run);
      warnings.push(...notices);
      return { ...inputs, ...ids };
    },
    create: (type, inputs) => of(type).create(context, inputs),
    read: (type, state) => of(type).read(context, state),
    update: (type, state, inputs) => of(type).update(context, state, inputs),
    remove: (type, state) => of(type).delete(context, state),
    import: (type, id) => of(type).import(context, id),
  };
}
