// Interleaved rounds, medians and best runs: a machine's speed drifts, and single runs are disturbed.

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const best = (numbers) => Math.min(...numbers);

/**
 * Measures all peers in turns, `rounds` times each, every second round in reverse. `measure(peer, round)` gives an object
 * of named figures. Returns them as `{[figure]: {[peer.key]: number[]}}`.
 */
export async function interleaved(peers, rounds, measure) {
  const figures = {};
  for (let round = 0; round < rounds; round++) {
    for (const peer of round % 2 === 0 ? peers : [...peers].reverse()) {
      for (const [name, value] of Object.entries(await measure(peer, round))) {
        figures[name] ??= {};
        figures[name][peer.key] ??= [];
        figures[name][peer.key].push(value);
      }
    }
  }
  return figures;
}
