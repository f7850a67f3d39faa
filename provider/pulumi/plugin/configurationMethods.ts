import {
  CheckRequest,
  ConfigureRequest,
  ConfigureResponse,
  DiffRequest,
  DiffResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { answer, type LoadProvider, type Methods } from "./method";
import { checkResponse } from "./responses";
import { fromStruct } from "./struct";

/** What the engine asks about the provider's own configuration. */
export const configurationMethods = (provider: LoadProvider): Methods => ({
  CheckConfig: answer(CheckRequest, async (request) => {
    const news = fromStruct(request.getNews()) ?? {};
    return checkResponse(await (await provider()).checkConfig(request.getUrn(), news));
  }),
  DiffConfig: answer(DiffRequest, async (request) => {
    // Engines before 3.80 send no old inputs; a provider's outputs are its inputs.
    const olds = fromStruct(request.getOldInputs()) ?? fromStruct(request.getOlds()) ?? {};
    const changed = (await provider()).diffConfig(olds, fromStruct(request.getNews()) ?? {});
    const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
    // Never "replaces": that would replace everything the provider manages. But every change counts: after "none" the
    // engine goes on with the old arguments.
    return new DiffResponse().setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE).setDiffsList(changed);
  }),
  Configure: answer(ConfigureRequest, async (request) => {
    const name = request.getName() || nameIn(request.getUrn() ?? "");
    await (await provider()).configure(fromStruct(request.getArgs()) ?? {}, name, request.getUrn() ?? "");
    return new ConfigureResponse()
      .setAcceptsecrets(true)
      .setAcceptresources(true)
      .setSupportspreview(true)
      .setAcceptoutputs(false)
      .setSupportsAutonamingConfiguration(false);
  }),
});

/** Names may hold the separator themselves: they are all that follows the type. */
const nameIn = (urn: string): string | undefined => urn.split("::").slice(3).join("::") || undefined;
