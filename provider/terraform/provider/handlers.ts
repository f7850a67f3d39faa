import { sleep, type Timing } from "../../client";
import { validateConfiguration } from "../../configuration";
import { type Problem, validate } from "../../framework";
import type { DynamicValue } from "../protocol/codec";
import type { Handlers } from "../protocol/handlers";
import { applyResource } from "./applyResource";
import { dataSourceOf, inputsOf, resourceOf } from "./declared";
import { errorDiagnostic, problemDiagnostic, warningDiagnostic } from "./diagnostics";
import { importResource, readDataSource, readResource, upgradeState } from "./importAndRead";
import { PlanRecords } from "./planRecords";
import { planResource } from "./planResource";
import { type Attributes, providerAttributes, writeOnlyProblems } from "./schema";
import { Sessions } from "./session";

/**
 * The provider's answers, for the runtime in `protocol/`.
 * @param timing other waits than production's
 */
export function handlers(env: NodeJS.ProcessEnv, version: string, timing?: Partial<Timing>): Handlers {
  const sessions = new Sessions(env, version, timing);
  let records = new PlanRecords();
  return {
    ValidateProviderConfig: ({ config }) =>
      problems(providerAttributes, validateConfiguration(inputsOf(providerAttributes, config))),

    async ConfigureProvider({ config }) {
      records.close();
      records = new PlanRecords();
      return configure(sessions, config);
    },

    async StopProvider() {
      sessions.stop();
      // Nothing new begins: what was to be made elsewhere in the program and is not under way is not made any more. The engine
      // waits for this answer, and the server may be silent; what fails is tried once more at the end.
      const done = new AbortController();
      const removed = sessions.removePostponed().catch(() => undefined);
      await Promise.race([removed, sleep(sessions.timing.stopping, done.signal)]);
      done.abort();
      return {};
    },

    async close() {
      records.close();
      await sessions.removePostponed();
    },

    ValidateResourceConfig({ typeName, config, clientCapabilities }) {
      const { lifecycle, attributes } = resourceOf(typeName);
      const inputs = inputsOf(attributes, config);
      const kept = clientCapabilities?.writeOnlyAttributesAllowed ? [] : writeOnlyProblems(attributes, inputs);
      return problems(attributes, [...lifecycle.validate(inputs), ...kept]);
    },

    ValidateDataResourceConfig({ typeName, config }) {
      const { lookup, attributes } = dataSourceOf(typeName);
      return problems(attributes, validate(lookup, lookup.name, inputsOf(attributes, config)));
    },

    UpgradeResourceState: (request) => upgradeState(sessions, request),
    ReadResource: (request) => readResource(sessions, request),
    PlanResourceChange: (request) => planResource(sessions, records, request),
    ApplyResourceChange: (request) => applyResource(sessions, records, request),
    ImportResourceState: (request) => importResource(sessions, request),
    ReadDataSource: (request) => readDataSource(sessions, request),
  };
}

async function configure(sessions: Sessions, config: DynamicValue | null | undefined) {
  try {
    const warning = await sessions.configure(inputsOf(providerAttributes, config));
    return warning ? { diagnostics: [warningDiagnostic(warning, providerAttributes)] } : {};
  } catch (error) {
    return { diagnostics: [errorDiagnostic(error, providerAttributes)] };
  }
}

const problems = (attributes: Attributes, found: readonly Problem[]) => ({
  diagnostics: found.map((problem) => problemDiagnostic(problem, attributes)),
});
