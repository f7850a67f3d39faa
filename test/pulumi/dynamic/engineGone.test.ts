import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { Host, NEWEST, pulumiSdk } from "./support/host";
import { Workbench } from "./support/workbench";

test("the dynamic host ends with the engine that it worked for", async () => {
  const bench = await Workbench.open();
  const engine = createServer().listen(0, "127.0.0.1");
  await once(engine, "listening");
  const { port } = engine.address() as AddressInfo;
  const host = await Host.start({
    sdk: pulumiSdk(NEWEST)!,
    cwd: bench.folder,
    env: bench.environment(),
    engineAddress: `127.0.0.1:${port}`,
  });
  try {
    await host.check("Environment", { name: "e" });
    await once(engine, "connection");
    engine.close();
    await host.ended;
  } finally {
    await host.close();
    await bench.close();
  }
});
