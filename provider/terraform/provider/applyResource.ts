import { PartialError, ResourceError, type State, type Values } from "../../framework";
import type { Lifecycle } from "../../run/lifecycle";
import { readNote } from "../../run/planJournal";
import type { DynamicValue, RequestOf } from "../protocol/codec";
import { inputsOf, resourceOf, stateOf } from "./declared";
import { appliedObject } from "./plannedState";
import type { PlanRecords } from "./planRecords";
import { reporting } from "./reporting";
import type { Sessions } from "./session";
import { decodeValue, encodeValue, toAttributes, toFields } from "./values";

type Context = ReturnType<Sessions["context"]>;

interface Applied {
  newState: DynamicValue | null | undefined;
  private: Uint8Array;
}

/** Private data says something between a plan and its apply only; nothing of it stays in the state. */
const NOTHING = new Uint8Array();

export function applyResource(
  sessions: Sessions,
  records: PlanRecords,
  { typeName, priorState, plannedState, config, plannedPrivate }: RequestOf<"ApplyResourceChange">,
) {
  const { lifecycle, attributes } = resourceOf(typeName);
  const prior = stateOf(attributes, priorState);
  const planned = decodeValue(attributes, plannedState);
  const subject = lifecycle.inWords(prior ?? toFields(attributes, planned ?? {}));
  return reporting<Applied>(attributes, subject, { newState: priorState, private: NOTHING }, async (warn) => {
    const context = sessions.context(warn);
    // What applies a plan plans some of it once more, and that is no plan.
    records.journal.discard();
    records.recall(readNote(plannedPrivate), lifecycle.runType, prior?.id, context.run);
    if (planned === null) {
      if (prior) await deleteResource(lifecycle, context, prior, records);
      return { newState: encodeValue(attributes, null), private: NOTHING };
    }
    const inputs = withPlannedEnds(lifecycle, inputsOf(attributes, config), toFields(attributes, planned));
    const state = await (prior ? lifecycle.update(context, prior, inputs) : createResource(lifecycle, context, inputs));
    const applied = appliedObject(planned, toAttributes(attributes, state));
    return { newState: encodeValue(attributes, applied), private: NOTHING };
  });
}

/** What the plan took the ends of an edge to be: an apply looks no name up again that the plan found. */
function withPlannedEnds(lifecycle: Lifecycle, inputs: Values, planned: Values): Values {
  const known = lifecycle.ends.filter(({ id }) => typeof planned[id] === "string");
  return { ...inputs, ...Object.fromEntries(known.map(({ id }) => [id, planned[id]])) };
}

/**
 * Once the server accepted a new object, creating it succeeded: an error would make the engine destroy and create it again.
 * What could not be read back is a warning.
 */
async function createResource(lifecycle: Lifecycle, context: Context, inputs: Values): Promise<State> {
  try {
    return await lifecycle.create(context, inputs);
  } catch (error) {
    if (!(error instanceof PartialError)) throw error;
    context.warn({
      summary: `${lifecycle.definition.name} was created, but could not be confirmed`,
      detail: error.message,
    });
    return { ...error.state, id: error.id };
  }
}

async function deleteResource(
  lifecycle: Lifecycle,
  context: Context,
  state: State,
  records: PlanRecords,
): Promise<void> {
  try {
    await lifecycle.delete(context, state);
  } catch (error) {
    if (records.lost && error instanceof ResourceError && error.code === "in-use") context.warn(LOST_RECORD);
    throw error;
  }
}

/** Without the plan's record nobody knows which of the holders the same apply takes away. */
const LOST_RECORD = {
  summary: "The record of this plan is not on this machine",
  detail:
    "The plan was made on another machine, in another container, or more than a week ago, so it is not known here which assignments and bindings it moves away or removes. Some of those in the next message may be this program's own: apply their changes first (-target), or plan and apply on one machine. forceDestroy is not needed for them.",
};
