/** `pulumi import`: an existing object becomes a record of the stack, without a program. */
import { randomBytes } from "node:crypto";
import type { Deployment } from "./deployment";
import { Bail } from "./diagnostics";
import type { ImportRequest } from "./driver";
import type { ResourceState } from "./state";
import { createStep, importStep, type StepContext, sameStep } from "./steps";
import { createUrn, formatReference, packageOf, ROOT_STACK_TYPE } from "./urn";

/**
 * Existing records stay the same, and their providers are configured from them. A default provider that the stack
 * does not have yet is checked and configured from the stack configuration. Then: Read by id alone, Check of what was
 * read against itself, whose failures are told and do no harm.
 */
export async function importResource(
  deployment: Deployment,
  context: StepContext,
  request: ImportRequest,
): Promise<void> {
  const { executor, settings, snapshot } = deployment;
  for (const old of snapshot.base.filter((state) => !state.delete)) {
    if (!(await executor.chain([sameStep(context, old, { ...old })]))) throw new Bail();
  }
  const parent = request.parent ?? (await stackUrn(deployment, context));
  const urn = createUrn({ ...settings, parent, type: request.type, name: request.name });
  const provider = await providerReference(deployment, context, request);
  const existing = deployment.find(urn);
  if (existing) {
    if ((existing.importID ?? existing.id) === request.id) return;
    throw new Error(`resource '${urn}' already exists`);
  }
  const next: ResourceState = {
    urn,
    type: request.type,
    custom: true,
    inputs: {},
    outputs: {},
    parent,
    provider,
    protect: request.protect,
  };
  const read = importStep(context, next, request.id);
  const check = async (): Promise<undefined> => {
    const options = { preview: settings.preview, randomSeed: randomBytes(32) };
    const result = await deployment.registry.get(provider)?.check(urn, next.inputs, next.inputs, options);
    for (const { property, reason } of result?.failures ?? []) {
      context.diagnostics.warning(`One or more imported inputs failed to validate. ${property}: ${reason}`, urn);
    }
    return undefined;
  };
  if (!(await executor.chain([{ ...read, apply: async () => (await read.apply()) ?? (await check()) }]))) {
    throw new Bail();
  }
}

async function stackUrn({ settings, executor, snapshot }: Deployment, context: StepContext): Promise<string> {
  const existing = snapshot.base.find((state) => state.type === ROOT_STACK_TYPE && !state.parent);
  if (existing) return existing.urn;
  const urn = createUrn({ ...settings, type: ROOT_STACK_TYPE, name: `${settings.project}-${settings.stack}` });
  const next: ResourceState = { urn, type: ROOT_STACK_TYPE, custom: false, inputs: {}, outputs: {} };
  await executor.chain([createStep(context, next, undefined)]);
  return urn;
}

async function providerReference(
  deployment: Deployment,
  context: StepContext,
  request: ImportRequest,
): Promise<string> {
  const { settings, registry, executor } = deployment;
  if (request.provider) {
    const state = deployment.find(request.provider);
    if (!state?.id) throw new Error(`no provider ${request.provider} in the state`);
    return formatReference({ urn: state.urn, id: state.id });
  }
  const goal = deployment.defaultProviderGoal(packageOf(request.type));
  const urn = createUrn({ ...settings, type: goal.type, name: goal.name });
  const existing = deployment.find(urn);
  if (existing?.id) return formatReference({ urn: existing.urn, id: existing.id });
  const { inputs, failures } = await registry.check(urn, undefined, goal.properties);
  if (failures.length > 0) throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
  const next: ResourceState = { urn, type: goal.type, custom: true, inputs, outputs: {} };
  if (!(await executor.chain([createStep(context, next, undefined)]))) throw new Bail();
  return formatReference({ urn, id: next.id ?? "" });
}
