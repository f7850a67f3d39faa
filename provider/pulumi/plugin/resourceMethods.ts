import {
  CheckRequest,
  CreateRequest,
  CreateResponse,
  DeleteRequest,
  DiffRequest,
  InvokeRequest,
  InvokeResponse,
  ReadRequest,
  ReadResponse,
  UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { answer, type LoadProvider, type Methods } from "./method";
import type { Subject } from "./provider";
import { checkResponse, diffResponse, failure } from "./responses";
import { fromStruct, toStruct } from "./struct";

/** What the engine asks about resources, and lookups. */
export const resourceMethods = (provider: LoadProvider): Methods => ({
  Check: answer(CheckRequest, async (request) => {
    return checkResponse(await (await provider()).check(subject(request), fromStruct(request.getNews()) ?? {}));
  }),
  Diff: answer(DiffRequest, async (request) => {
    const old = {
      id: request.getId(),
      outputs: fromStruct(request.getOlds()),
      inputs: fromStruct(request.getOldInputs()),
    };
    return diffResponse((await provider()).diff(subject(request), old, fromStruct(request.getNews()) ?? {}));
  }),
  Create: answer(CreateRequest, async (request) => {
    const news = fromStruct(request.getProperties()) ?? {};
    const { id, outputs } = await (await provider()).create(subject(request), news, request.getPreview());
    return new CreateResponse().setId(id).setProperties(toStruct(outputs));
  }),
  Read: answer(ReadRequest, async (request) => {
    const found = await (await provider()).read(subject(request), {
      id: request.getId(),
      outputs: fromStruct(request.getProperties()),
      inputs: fromStruct(request.getInputs()),
    });
    // No id and no properties: refreshes drop the record, `get` and import say that it does not exist.
    if (!found) return new ReadResponse();
    return new ReadResponse().setId(found.id).setProperties(toStruct(found.outputs)).setInputs(toStruct(found.inputs));
  }),
  Update: answer(UpdateRequest, async (request) => {
    const old = {
      id: request.getId(),
      outputs: fromStruct(request.getOlds()),
      inputs: fromStruct(request.getOldInputs()),
    };
    const news = fromStruct(request.getNews()) ?? {};
    const outputs = await (await provider()).update(subject(request), old, news, request.getPreview());
    return new UpdateResponse().setProperties(toStruct(outputs));
  }),
  Delete: answer(DeleteRequest, async (request) => {
    await (await provider()).delete(subject(request), {
      id: request.getId(),
      outputs: fromStruct(request.getProperties()),
      inputs: fromStruct(request.getOldInputs()),
    });
    return new Empty();
  }),
  Invoke: answer(InvokeRequest, async (request) => {
    const args = fromStruct(request.getArgs()) ?? {};
    const { result, failures } = await (await provider()).invoke(request.getTok(), args);
    const response = new InvokeResponse().setFailuresList(failures.map(failure));
    return result ? response.setReturn(toStruct(result)) : response;
  }),
});

/** Engines before 3.128 send no type beside the URN, whose third part holds it behind those of its parents. */
function subject(request: { getUrn(): string; getType(): string }): Subject {
  const urn = request.getUrn();
  return { urn, type: request.getType() || (urn.split("::")[2]?.split("$").at(-1) ?? "") };
}
