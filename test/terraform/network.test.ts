import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer, request as httpRequest, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Installation, installTerraformProvider } from "../../provider/terraform/packaging/install";
import { createCertificate } from "../../provider/terraform/protocol/certificate";
import { describeEngines, Workdir } from "../support/engines";
import { MesheryServer } from "../support/meshery";
import { credentials, HEAD, providerFolder } from "../support/terraform";

// The package as it is installed: its launcher has a say in which authorities are trusted.
const scratch = mkdtempSync(join(tmpdir(), "network-"));
let installed: Installation;
beforeAll(async () => {
  installed = await installTerraformProvider({ dir: join(scratch, "provider"), distDir: providerFolder() });
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A server's port once it listens on loopback. */
const listening = (server: Server | ReturnType<typeof createHttpsServer>): Promise<number> =>
  new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)));

/** TLS in front of a server, under a certificate that nobody knows. */
async function tlsFront(target: string) {
  const { key, certificate } = createCertificate();
  const server = createHttpsServer({ key, cert: certificate }, (incoming, answer) => {
    const onward = httpRequest(
      new URL(incoming.url ?? "/", target),
      { method: incoming.method, headers: incoming.headers },
      (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(answer);
      },
    );
    incoming.pipe(onward);
  });
  return { server, certificate: String(certificate), port: await listening(server) };
}

/** A proxy that connects to whatever it is asked for, and remembers what that was. */
async function connectProxy() {
  const asked: string[] = [];
  const server = createHttpServer((_, answer) => {
    answer.writeHead(405).end();
  });
  server.on("connect", (incoming, socket, head) => {
    asked.push(incoming.url ?? "");
    const [host, port] = (incoming.url ?? "").split(":");
    const onward = connect(Number(port), host === "localhost" ? "127.0.0.1" : host, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) end.on("error", () => undefined);
  });
  return { server, asked, port: await listening(server) };
}

/** Text as it was before an engine drew a frame around it. */
const words = (text: string) => text.replace(/[\s│]+/g, " ");

const LOOKUP = `data "meshery_connection" "c" {
  name = "cluster"
}

output "kind" {
  value = data.meshery_connection.c.kind
}
`;

describeEngines("the shipped provider", (engine) => {
  test("goes through HTTPS_PROXY and trusts NODE_EXTRA_CA_CERTS", async () => {
    const meshery = await MesheryServer.start({ world: { connections: { cluster: { kind: "kubernetes" } } } });
    const front = await tlsFront(meshery.url);
    const proxy = await connectProxy();
    const dir = (extra: Record<string, string>): Workdir =>
      new Workdir(
        { "provider.tf": HEAD, "main.tf": LOOKUP, "authority.pem": front.certificate },
        {
          overrides: { "meshery/meshery": installed.packages[0] ?? "" },
          env: {
            ...credentials(meshery),
            MESHERY_URL: `https://localhost:${front.port}`,
            HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
            NO_PROXY: "",
            no_proxy: "",
            ...extra,
          },
        },
      );
    const [strange, trusting, direct, lost] = [
      dir({}),
      dir({ NODE_EXTRA_CA_CERTS: "authority.pem" }),
      dir({ NODE_EXTRA_CA_CERTS: "authority.pem", HTTPS_PROXY: "" }),
      dir({ NODE_EXTRA_CA_CERTS: "nowhere.pem" }),
    ];
    try {
      const refused = await strange.run(engine, ["plan", "-no-color", "-input=false"]);
      expect(refused.code).toBe(1);
      expect(words(refused.stderr)).toContain("set NODE_EXTRA_CA_CERTS to its file");
      const unread = await lost.run(engine, ["plan", "-no-color", "-input=false"]);
      expect(words(unread.stderr)).toContain("NODE_EXTRA_CA_CERTS names nowhere.pem, which could not be read: ENOENT");

      const { output_changes: outputs } = await trusting.planJson(engine);
      expect(outputs?.kind?.after).toBe("kubernetes");
      expect(new Set(proxy.asked)).toEqual(new Set([`localhost:${front.port}`]));
      const through = proxy.asked.length;
      const { output_changes: same } = await direct.planJson(engine);
      expect(same?.kind?.after).toBe("kubernetes");
      expect(proxy.asked).toHaveLength(through);
    } finally {
      for (const folder of [strange, trusting, direct, lost]) folder.remove();
      for (const { server } of [front, proxy]) {
        server.closeAllConnections();
        server.close();
      }
      await meshery.close();
    }
  });
});
