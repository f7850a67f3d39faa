// The start of the Terraform provider as a table.
import { BUDGET_MS, providerStartup } from "./startup.mjs";

export async function startOfProvider({ rounds, log }) {
  log(`Start of the provider: ${rounds} rounds ...`);
  const { bareMs, providerMs, addedMs, addedBestMs } = await providerStartup({ rounds });
  const shown = (ms) => `${Math.round(ms)} ms`;
  const more = (ms) => (ms < 0 ? `−${shown(-ms)}` : `+${shown(ms)}`);
  return {
    title: "Start of the Terraform provider",
    remark: `${rounds} rounds; an engine starts it three to six times in one command.`,
    peers: [
      { key: "ours", label: "provider" },
      { key: "bare", label: "a bare node" },
    ],
    rows: [
      {
        name: "start to handshake, median",
        cells: { ours: shown(providerMs), bare: shown(bareMs) },
        against: more(addedMs),
        limit: { text: `bare node + ${BUDGET_MS} ms`, ok: addedMs <= BUDGET_MS },
      },
      { name: "the same, best runs", cells: {}, against: more(addedBestMs) },
    ],
  };
}
