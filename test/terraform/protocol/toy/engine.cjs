// Stands for an engine that is going to be killed: starts the provider, connects, prints its process id, waits.
const { spawn } = require("node:child_process");
const http2 = require("node:http2");
const net = require("node:net");

const provider = spawn(process.execPath, [process.argv[2]], { stdio: ["ignore", "pipe", "ignore"] });
provider.stdout.once("data", (line) => {
  const path = String(line).split("|")[3];
  const session = http2.connect("http://localhost", { createConnection: () => net.connect({ path }) });
  session.on("remoteSettings", () => console.log(provider.pid));
});
