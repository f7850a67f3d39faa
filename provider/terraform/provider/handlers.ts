import { type Meshery, waited } from "../../client";
import { validateConfiguration } from "../../configuration";
import {
  type AnyLookup,
  PartialError,
  ResourceError,
  type State,
  UNKNOWN,
  type Values,
  validate,
} from "../../framework";
import { RpcError, Status } from "../../grpc/status";
import { lifecycles, lookups } from "../../resources";
import { releaseNotice } from "../../resources/shared/planNotices";
import type { Lifecycle } from "../../run/lifecycle";
import { forget, type Note, PlanJournal, PlansOfChanges, readNote, recall, writeNote } from "../../run/planJournal";
import type { Diagnostic, DynamicValue } from "../protocol/codec";
import { checkApply, checkPlan, checkState, type Violation, violationDiagnostic } from "../protocol/consistency";
import type { Handlers } from "../protocol/handlers";
import { errorDiagnostic, problemDiagnostic, warningDiagnostic } from "./diagnostics";
import { dataSourceType, resourceType, snake } from "./names";
import { plan, result } from "./plan";
import { PlannedObjects } from "./planConflicts";
import { type Attributes, dataSourceAttributes, providerAttributes, resourceAttributes, rulesOf } from "./schema";
import { Sessions } from "./session";
import { type Attribution, decode, decodeStored, encode, toAttributes, toFields } from "./values";

const byType = new Map(
  [...lifecycles.values()].map((lifecycle) => [resourceType(lifecycle.definition.name), lifecycle]),
);
const lookupByType = new Map(lookups.map((lookup) => [dataSourceType(lookup.name), lookup]));

type Context = ReturnType<Sessions["context"]>;

/** Milliseconds for what is left to remove when the engine says stop. */
const STOPPING = 2_000;

interface Planned {
  plannedState: DynamicValue | null | undefined;
  requiresReplace?: { steps: { attributeName: string }[] }[];
  plannedPrivate?: Uint8Array;
}

interface Resource {
  lifecycle: Lifecycle;
  attributes: Attributes;
}
function resource(type: string): Resource {
  const lifecycle = byType.get(type);
  const attributes = resourceAttributes.get(type);
  if (!lifecycle || !attributes) throw new RpcError(Status.Internal, `there is no resource type ${type}`);
  return { lifecycle, attributes };
}
function dataSource(type: string): { lookup: AnyLookup; attributes: Attributes } {
  const lookup = lookupByType.get(type);
  const attributes = dataSourceAttributes.get(type);
  if (!lookup || !attributes) throw new RpcError(Status.Internal, `there is no data source ${type}`);
  return { lookup, attributes };
}

/** The provider's answers, for the runtime in `protocol/`. */
export function handlers(env: NodeJS.ProcessEnv, version: string): Handlers {
  const sessions = new Sessions(env, version);
  let journal = new PlanJournal();
  let objects = new PlannedObjects();
  let plansOfChanges = new PlansOfChanges();
  const recalled = new Set<string>();
  /** Plans that cannot be applied once more. */
  const outdated = new Set<string>();
  let lostPlan = false;

  /** Tells the memory what the plan declares and takes away, before a removal or a change that it planned. */
  function remember({ run }: Context, lifecycle: Lifecycle, state: State, note: Note): void {
    // Where a removal's own plan was found, it says more than others could.
    if (note.change && (recalled.size === 0 || lostPlan))
      for (const plan of plansOfChanges.recall(note.change, run)) outdated.add(plan);
    if (note.plan === journal.id) journal.recall(run);
    else if (note.plan && !recalled.has(note.plan)) {
      recalled.add(note.plan);
      if (recall(note.plan, run)) outdated.add(note.plan);
      else lostPlan = true;
    }
    if (note.kept && (lostPlan || !note.plan)) {
      if (note.stays) run.markApplied(lifecycle.runType, state.id);
      else run.declare(lifecycle.runType, state.id);
    }
  }

  /** Without the plan's record nobody knows which of the holders the same apply takes away. */
  function explainHolders({ warn }: Context, error: unknown): void {
    if (!lostPlan || !(error instanceof ResourceError) || error.code !== "in-use") return;
    warn({
      summary: "The record of this plan is not on this machine",
      detail:
        "The plan was made on another machine, in another container, or more than a week ago, so it is not known here which assignments and bindings it moves away or removes. Some of those in the next message may be this program's own: apply their changes first (-target), or plan and apply on one machine. forceDestroy is not needed for them.",
    });
  }

  /** Notes what changes, and gives what the other half of a replacement has to be told. */
  function noteOf(lifecycle: Lifecycle, state: State | undefined, planned: Attribution): Note {
    const { ends } = lifecycle.definition;
      const name = lifecycle.runType;
    if (!state) return journal.create();
    const note = { was: state.id, ...(state.adopted === true ? { letGo: true } : {}) };
    if (ends && planned.id !== state.id) return { ...note, ...journal.move(name, state.id) };
    if (ends || planned.name === state.name) return note;
    if (planned.name === UNKNOWN) return { ...note, ...journal.rename(name, state.id, null) };
    sessions.run?.planRename(name, state.id, String(planned.name));
    return { ...note, ...journal.rename(name, state.id, String(planned.name)) };
  }

  /** Notes an edge that is to be there. */
  function declareEdge(name: string, edge: string): void {
    journal.declare(name, edge);
    sessions.run?.declare(name, edge);
  }

  type Warn = Parameters<Sessions["context"]>[0];
  /** Runs `work` and gives its result with the diagnostics it caused; `otherwise` stands where it failed. */
  async function guarded<T extends object>(
    attributes: Attributes,
    subject: string,
    otherwise: T,
    work: (diagnostics: Diagnostic[], warn: Warn) => Promise<T>,
  ) {
    const diagnostics: Diagnostic[] = [];
    try {
      return {
        ...(await work(diagnostics, (warning) => diagnostics.push(warningDiagnostic(warning, attributes)))),
        diagnostics,
      };
    } catch (error) {
      return { ...otherwise, diagnostics: [...diagnostics, errorDiagnostic(error, attributes, subject)] };
    }
  }
  /** The same for what needs Meshery. */
  const reporting = <T extends object>(
    attributes: Attributes,
    subject: string,
    otherwise: T,
    work: (context: Context, diagnostics: Diagnostic[]) => Promise<T>,
  ) => guarded(attributes, subject, otherwise, (diagnostics, warn) => work(sessions.context(warn), diagnostics));
  /** Sees to it that no object of the plan has two addresses. */
  function claim(
    lifecycle: Lifecycle,
    inputs: Values,
    { state, adopted, replaced }: { state: State | undefined; adopted: string | undefined; replaced: boolean },
  ): void {
    const name = lifecycle.runType;
    const called = String(inputs.name);
    const key = lifecycle.targetIdentity(inputs, state);
    if (state) {
      objects.stay(name, state.id, called);
      if (key !== undefined) objects.named(name, key, called, { id: state.id, fresh: state.name !== called });
    } else if (replaced) return;
    else if (adopted !== undefined) objects.adopt(name, adopted, called);
    else if (key !== undefined && !lifecycle.mayAdopt(inputs, sessions.adoptAll))
      objects.create(name, key, called);
  }
  const broken = (type: string, violations: readonly Violation[]) =>
    violations.map((violation) => violationDiagnostic(type, violation));

  return {
    ValidateProviderConfig({ config }) {
      const values = toFields(providerAttributes, decode(providerAttributes, config) ?? {});
      return {
        diagnostics: validateConfiguration(values).map((problem) => problemDiagnostic(problem, providerAttributes)),
      };
    },

    async ConfigureProvider({ config }) {
      journal = new PlanJournal();
      objects = new PlannedObjects();
      plansOfChanges = new PlansOfChanges();
      recalled.clear();
      lostPlan = false;
      try {
        const warning = await sessions.configure(
          toFields(providerAttributes, decode(providerAttributes, config) ?? {}),
        );
        return warning ? { diagnostics: [warningDiagnostic(warning, providerAttributes)] } : {};
      } catch (error) {
        return { diagnostics: [errorDiagnostic(error, providerAttributes)] };
      }
    },

    async StopProvider() {
      sessions.stop();
      // Nothing new begins: what was to be made elsewhere in the program and is not under way is not made any more. The engine
      // waits for this answer, and the server may be silent; what fails is tried once more at the end.
      const removed = sessions.removePostponed().catch(() => undefined);
      await Promise.race([removed, waited(STOPPING)]);
      return {};
    },

    async close() {
      forget(outdated);
      await sessions.removePostponed();
    },

    ValidateResourceConfig({ typeName, config }) {
      const { lifecycle, attributes } = resource(typeName);
      const problems = lifecycle.validate(inputsOf(attributes, config));
      return { diagnostics: problems.map((problem) => problemDiagnostic(problem, attributes)) };
    },

    ValidateDataResourceConfig({ typeName, config }) {
      const { lookup, attributes } = dataSource(typeName);
      const problems = validate(lookup, lookup.name, inputsOf(attributes, config));
      return { diagnostics: problems.map((problem) => problemDiagnostic(problem, attributes)) };
    },

    UpgradeResourceState({ typeName, rawState }) {
      const { lifecycle, attributes } = resource(typeName);
      const stored = decodeStored(attributes, rawState?.json ?? new Uint8Array());
      sessions.run?.markInState(lifecycle.runType, String(stored.id));
      return { upgradedState: encode(attributes, stored) };
    },

    ReadResource({ typeName, currentState, private: hidden }) {
      const { lifecycle, attributes } = resource(typeName);
      const state = stateOf(attributes, currentState);
      const kept = { newState: currentState, private: hidden };
      if (!state) return kept;
      return reporting<{ newState: DynamicValue | null | undefined; private: Uint8Array }>(
        attributes,
        lifecycle.inWords(state),
        kept,
        async (context, diagnostics) => {
          const live = await lifecycle.read(context, state);
          const next = live ? toAttributes(attributes, live) : null;
          diagnostics.push(...broken(typeName, checkState(rulesOf(attributes), next, UNKNOWN)));
          return { newState: encode(attributes, next), private: hidden };
        },
      );
    },

    PlanResourceChange({ typeName, priorState, proposedNewState, config, priorPrivate }) {
      const { lifecycle, attributes } = resource(typeName);
      const { ends } = lifecycle.definition;
      const name = lifecycle.runType;
      const prior = decode(attributes, priorState);
      const state = asState(attributes, prior);
      const configured = decode(attributes, config);
      const subject = lifecycle.inWords(state ?? toFields(attributes, configured ?? {}));
      return guarded<Planned>(attributes, subject, { plannedState: proposedNewState }, async (diagnostics, warn) => {
        if (configured === null) {
          const letGo = state?.adopted === true;
          if (state && !ends && !letGo) objects.remove(name, lifecycle.identities(state), String(state.name));
          const notice = state && releaseNotice(name, state);
          if (notice) warn(notice);
          const note = state ? journal.remove(name, state.id, letGo) : {};
          return { plannedState: encode(attributes, null), plannedPrivate: writeNote(note) };
        }
        const { planned, replace } = plan(lifecycle, attributes, prior, configured);
        const inputs = toFields(attributes, configured);
        // With `was` this is the second half of a replacement: what is there goes, unless it was adopted and is let go.
        const { was, letGo = false } = readNote(priorPrivate);
        const goes = was !== undefined && !letGo && !ends;
        if (was !== undefined && ends) journal.anew(name, was);
        let adopted: string | undefined;
        if (!ends) {
          if (!state && !goes && sessions.answers) adopted = await lifecycle.adoptable(sessions.context(warn), inputs);
          // What refers to it then knows its id already, and an edge that only changes its address too is seen as the same.
          if (adopted !== undefined) Object.assign(planned, { id: adopted, adopted: true });
          claim(lifecycle, inputs, { state, adopted, replaced: was !== undefined });
        }
        if (sessions.answers && (!state || planned.id !== state.id)) {
          const context = sessions.context(warn);
          // What the plan told need not be told again while it is applied.
          const told = was !== undefined || journal.discarded;
          for (const notice of told ? [] : await lifecycle.plannedNotices(context, inputs)) warn(notice);
          const outputs = await lifecycle.plannedOutputs(context, inputs);
          for (const [field, value] of Object.entries(outputs)) planned[snake(field)] = value;
        }
        const edge = ends ? lifecycle.edgeId(toFields(attributes, planned)) : undefined;
        if (edge !== undefined) declareEdge(name, edge);
        if (edge !== undefined && edge === state?.id) journal.stay(name, edge);
        const requiresReplace = replace.map((attribute) => [attribute]);
        diagnostics.push(
          ...broken(
            typeName,
            checkPlan(rulesOf(attributes), { prior, config: configured, planned, requiresReplace }, UNKNOWN),
          ),
        );
        return {
          plannedState: encode(attributes, planned),
          requiresReplace: requiresReplace.map(([attribute]) => ({ steps: [{ attributeName: attribute! }] })),
          // A create may be one half of a replacement; the other half gets the same note.
          plannedPrivate: writeNote(noteOf(lifecycle, state, planned)),
        };
      });
    },

    ApplyResourceChange({ typeName, priorState, plannedState, config, plannedPrivate }) {
      const { lifecycle, attributes } = resource(typeName);
      const prior = stateOf(attributes, priorState);
      const planned = decode(attributes, plannedState);
      return reporting<{ newState: DynamicValue | null | undefined; private: Uint8Array }>(
        attributes,
        lifecycle.inWords(prior ?? toFields(attributes, planned ?? {})),
        { newState: priorState, private: NOTHING },
        async (context, diagnostics) => {
          // What applies a plan plans some of it once more, and that is no plan.
          journal.discard();
          if (prior) remember(context, lifecycle, prior, readNote(plannedPrivate));
          if (planned === null) {
            if (prior) {
              await lifecycle.delete(context, prior).catch((error: unknown) => {
                explainHolders(context, error);
                throw error;
              });
            }
            return { newState: encode(attributes, null), private: NOTHING };
          }
          const inputs = inputsOf(attributes, config);
          const state = await (prior ? lifecycle.update(context, prior, inputs) : created(lifecycle, context, inputs));
          const next = result(planned, toAttributes(attributes, state));
          diagnostics.push(...broken(typeName, checkApply(rulesOf(attributes), { planned, result: next }, UNKNOWN)));
          return { newState: encode(attributes, next), private: NOTHING };
        },
      );
    },

    ImportResourceState({ typeName, id }) {
      const { lifecycle, attributes } = resource(typeName);
      return reporting<{ importedResources: { typeName: string; state: DynamicValue }[] }>(
        attributes,
        `${lifecycle.definition.name} ${id}`,
        { importedResources: [] },
        async (context) => ({
          importedResources: [
            { typeName, state: encode(attributes, toAttributes(attributes, await lifecycle.import(context, id))) },
          ],
        }),
      );
    },

    ReadDataSource({ typeName, config }) {
      const { lookup, attributes } = dataSource(typeName);
      const inputs = inputsOf(attributes, config);
      return reporting<{ state?: DynamicValue }>(attributes, typeName, {}, async (context) => {
        const found = await lookup.read(context, inputs);
        return { state: encode(attributes, toAttributes(attributes, { ...found, ...defined(inputs) })) };
      });
    },
  };
}

/**
 * Once the server accepted a new object, creating it succeeded: an error would make the engine destroy and create it again.
 * What could not be read back is a warning.
 */
async function created(
  lifecycle: Lifecycle,
  context: Parameters<Lifecycle["create"]>[0],
  inputs: Values,
): Promise<State> {
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

/** Private data says something between a plan and its apply only; nothing of it stays in the state. */
const NOTHING = new Uint8Array();

const inputsOf = (attributes: Attributes, config: DynamicValue | null | undefined): Values =>
  toFields(attributes, decode(attributes, config) ?? {});

const stateOf = (attributes: Attributes, value: DynamicValue | null | undefined): State | undefined =>
  asState(attributes, decode(attributes, value));

const asState = (attributes: Attributes, object: Attribution | null): State | undefined =>
  object === null ? undefined : (toFields(attributes, object) as State);

const defined = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
