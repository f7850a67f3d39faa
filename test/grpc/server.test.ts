import * as grpc from "@grpc/grpc-js";
import { percentEncode } from "../../provider/grpc/status";
import { pem } from "../../provider/terraform/protocol/certificate";
import { loadMessages } from "../../provider/terraform/protocol/codec";
import { CallError, framed, launchProvider, openSession, PluginClient } from "../support/pluginClient";
import { buildToyProvider, eventually } from "../support/toyProvider";

const toy = buildToyProvider();
let client: PluginClient;

beforeAll(async () => {
  client = await PluginClient.start(process.execPath, [toy.file]);
});

afterAll(async () => {
  await client.shutdown();
  toy.remove();
});

async function failure(call: Promise<unknown>): Promise<CallError> {
  const outcome = await call.then(
    () => "it succeeded",
    (error: unknown) => error,
  );
  if (!(outcome instanceof CallError)) throw new Error(`expected a failed call, got ${String(outcome)}`);
  return outcome;
}

const echo = (msgpack: Uint8Array) => client.call("CallFunction", { name: "echo", arguments: [{ msgpack }] });

describe("calls", () => {
  it("carries messages of many megabytes both ways", async () => {
    const bytes = Buffer.alloc(5 << 20, "0123456789");
    const { result } = await echo(bytes);
    expect(Buffer.compare(Buffer.from(result?.msgpack ?? []), bytes)).toBe(0);
  });

  it("answers many calls at once, each with its own answer, also while one waits", async () => {
    const abort = new AbortController();
    const waiting = client.call("CallFunction", { name: "wait until cancelled" }, { signal: abort.signal });
    const waited = waiting.catch(() => "cancelled");
    const numbers = Array.from({ length: 200 }, (_, i) => i);
    const answers = await Promise.all(numbers.map((i) => echo(Buffer.alloc(1 + i * 500, i % 256))));
    // Compared whole: Jest walks a buffer byte by byte.
    const wrong = numbers.filter(
      (i) => !Buffer.alloc(1 + i * 500, i % 256).equals(answers[i]?.result?.msgpack ?? Buffer.of()),
    );
    expect(wrong).toEqual([]);
    abort.abort();
    expect(await waited).toBe("cancelled");
  });

  it("carries several large messages at once", async () => {
    const sizes = [3 << 20, 4 << 20, 5 << 20, 6 << 20];
    const answers = await Promise.all(sizes.map((size) => echo(Buffer.alloc(size, 7))));
    expect(answers.map((answer) => answer.result?.msgpack?.length)).toEqual(sizes);
  });

  it("skips fields of newer protocols", async () => {
    const { ConfigureProvider } = await loadMessages();
    const known = ConfigureProvider.Request.encode({ terraformVersion: "9.9" }).finish();
    // Field 999 as text, field 998 as a number.
    const newer = Buffer.from([0xba, 0x3e, 0x03, 0x61, 0x62, 0x63, 0xb0, 0x3e, 0x2a]);
    await client.callRaw("/tfplugin6.Provider/ConfigureProvider", Buffer.concat([newer, known, newer]));
  });

  it("answers the host's health check", async () => {
    expect(await client.callRaw("/grpc.health.v1.Health/Check", new Uint8Array())).toEqual(Buffer.of(8, 1));
  });
});

describe("failures", () => {
  it("answers what it does not implement with UNIMPLEMENTED", async () => {
    for (const path of [
      "/tfplugin6.Provider/MoveResourceState",
      "/tfplugin6.Provider/InvokeAction",
      "/other.Service/Call",
    ]) {
      const error = await failure(client.callRaw(path, new Uint8Array()));
      expect(error).toMatchObject({ status: 12, message: expect.stringContaining("not implemented") });
    }
  });

  it("turns an exception into a diagnostic where the call has diagnostics", async () => {
    const { diagnostics } = await client.call("PlanResourceChange", { typeName: "toy_nothing" });
    expect(diagnostics).toMatchObject([
      {
        severity: 1,
        summary: "The provider failed unexpectedly",
        detail: "PlanResourceChange: no resource toy_nothing",
      },
    ]);
  });

  it("turns garbage instead of a message into a diagnostic", async () => {
    const { PlanResourceChange } = await loadMessages();
    const answer = await client.callRaw(
      "/tfplugin6.Provider/PlanResourceChange",
      Buffer.from([0x0a, 0xff, 0xff, 0x01]),
    );
    expect(PlanResourceChange.Response.decode(answer).diagnostics).toHaveLength(1);
  });

  it("carries any text in the message of a failed call", async () => {
    const error = await failure(client.call("CallFunction", { name: "throw" }));
    expect(error).toMatchObject({ status: 13, message: "grpc status 13: ärger: 100% broken\nsecond line" });
    expect(percentEncode("ä 100%\n")).toBe("%C3%A4 100%25%0A");
  });

  it("keeps the status a handler chose", async () => {
    expect(await failure(client.call("CallFunction", { name: "refuse" }))).toMatchObject({ status: 8 });
  });

  it.each([
    ["a compressed message", Buffer.concat([Buffer.of(1), framed(Buffer.of(1, 2)).subarray(1)]), 12, "compressed"],
    ["two messages", Buffer.concat([framed(Buffer.alloc(0)), framed(Buffer.alloc(0))]), 13, "more were sent"],
    ["no message", Buffer.alloc(0), 13, "missing"],
    ["half a header", Buffer.alloc(3), 13, "ends too early"],
    ["half a message", framed(Buffer.alloc(10)).subarray(0, 9), 13, "ends too early"],
    ["a message of absurd length", Buffer.of(0, 0xff, 0xff, 0xff, 0xff, 1), 8, "over the limit"],
  ])("refuses %s", async (_, frame, status, text) => {
    const error = await failure(client.callRaw("/tfplugin6.Provider/CallFunction", Buffer.alloc(0), { frame }));
    expect(error).toMatchObject({ status, message: expect.stringContaining(text) });
  });
});

describe("cancellation", () => {
  it("aborts the handler of a call the engine cancels", async () => {
    const before = client.stderr.length;
    const abort = new AbortController();
    const call = client.call("CallFunction", { name: "wait until cancelled" }, { signal: abort.signal });
    const outcome = call.catch((error: Error) => error.name);
    await eventually("the call", () => client.stderr.includes("waiting", before));
    abort.abort();
    expect(await outcome).toBe("AbortError");
    await eventually("the handler's end", () => client.stderr.includes("cancelled", before));
  });

  it("aborts what is under way at StopProvider, and nothing after it", async () => {
    const before = client.stderr.length;
    const calls = [1, 2, 3].map(() => client.call("CallFunction", { name: "wait until cancelled" }));
    await eventually("three calls", () => client.stderr.slice(before).split("waiting").length === 4);
    expect(await client.call("StopProvider")).toMatchObject({ Error: "" });
    for (const { error } of await Promise.all(calls)) expect(error?.text).toBe("the engine asked the provider to stop");
    expect((await echo(Buffer.of(0xc2))).result?.msgpack).toEqual(Buffer.of(0xc2));
  });
});

it("is understood by grpc-js, with deadline and metadata, over mutual TLS", async () => {
  const provider = await launchProvider(process.execPath, [toy.file]);
  const { certificate: server, address } = provider.handshake;
  const credentials = grpc.credentials.createSsl(
    Buffer.from(pem(Buffer.from(server, "base64"))),
    Buffer.from(provider.certificate?.key ?? ""),
    Buffer.from(provider.certificate?.certificate ?? ""),
  );
  const options = { "grpc.ssl_target_name_override": "localhost", "grpc.default_authority": "localhost" };
  const other = new grpc.Client(`unix:${address}`, credentials, options);
  const messages = await loadMessages();
  const call = (name: string) =>
    new Promise<{
      error: grpc.ServiceError | null;
      reply: Buffer | undefined;
      status: grpc.StatusObject | undefined;
    }>((resolve) => {
      let status: grpc.StatusObject | undefined;
      const request = Buffer.from(
        messages.CallFunction.Request.encode({ name, arguments: [{ msgpack: Buffer.of(0xc3) }] }).finish(),
      );
      const metadata = new grpc.Metadata();
      metadata.set("x-anything", "at all");
      const pass = (bytes: Buffer) => bytes;
      const settings = { deadline: Date.now() + 20_000 };
      other
        .makeUnaryRequest(
          "/tfplugin6.Provider/CallFunction",
          pass,
          pass,
          request,
          metadata,
          settings,
          (error, reply) => {
            setImmediate(() => resolve({ error, reply, status }));
          },
        )
        .on("status", (seen) => {
          status = seen;
        });
    });
  try {
    const echoed = await call("echo");
    expect(echoed.error).toBeNull();
    expect(messages.CallFunction.Response.decode(echoed.reply ?? Buffer.alloc(0)).result?.msgpack).toEqual(
      Buffer.of(0xc3),
    );
    expect(echoed.status).toMatchObject({ code: 0 });
    expect((await call("throw")).error).toMatchObject({ code: 13, details: "ärger: 100% broken\nsecond line" });
    expect((await call("no such thing")).error).toMatchObject({ code: 12 });
  } finally {
    other.close();
    provider.process.kill("SIGTERM");
  }
});

it("tells a client that speaks no gRPC so, in HTTP", async () => {
  const provider = await launchProvider(process.execPath, [toy.file]);
  const session = openSession(provider.handshake, provider.certificate);
  try {
    const status = await new Promise((resolve, reject) => {
      const stream = session.request({ ":method": "GET", ":path": "/tfplugin6.Provider/GetProviderSchema" });
      stream.on("response", (headers) => resolve(headers[":status"]));
      stream.on("error", reject);
    });
    expect(status).toBe(415);
  } finally {
    session.destroy();
    provider.process.kill("SIGTERM");
  }
});
