// Rows of the tables: figures of the peers, how ours compare, and whether they keep their limit.
import { best, median } from "./statistics.mjs";

export const seconds = (ms) =>
  ms === undefined ? "" : ms >= 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 1000).toFixed(2)} s`;
const each = (figures, show) => Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, show(value)]));
/** A system without /proc tells neither memory nor processor time. */
const told = (figures) => Object.values(figures).every((runs) => runs.every((value) => value > 0));
const untold = (name, figures) => ({ name, cells: each(figures, () => "not told by this system") });

/**
 * Milliseconds of several runs. Limits are on the medians: `ratio` of the Go provider's, or `milliseconds` above it. Times
 * never fail a run: another machine, or a busy one, has others.
 * @param {{ratio?: number, milliseconds?: number}} limit
 */
export function times(name, figures, limit = {}) {
  if (!told(figures)) return untold(name, figures);
  const cells = each(figures, (runs) =>
    runs.length === 1 ? seconds(runs[0]) : `${seconds(median(runs))} (${seconds(best(runs))})`,
  );
  if (!figures.go) return { name, cells };
  const [ours, go] = [median(figures.ours), median(figures.go)];
  const more = Math.round(ours - go);
  const against = limit.milliseconds === undefined ? ratio(ours / go) : `${more < 0 ? "−" : "+"}${Math.abs(more)} ms`;
  return { name, cells, against, ratio: ours / go, limit: verdictOf(limit, ours, go) };
}

/**
 * Megabytes of several runs: the greatest counts.
 * @param {{ratio?: number, megabytes?: number}} [limit]
 */
export function memory(name, figures, limit = {}) {
  const { ratio: most, megabytes } = limit;
  if (!told(figures)) return untold(name, figures);
  const cells = each(figures, (runs) => `${Math.round(Math.max(...runs))} MB`);
  const ours = Math.max(...figures.ours);
  const go = figures.go && Math.max(...figures.go);
  return {
    name,
    cells,
    against: go ? ratio(ours / go) : undefined,
    ratio: ours / go,
    limit:
      megabytes === undefined
        ? verdictOf({ ratio: most }, ours, go)
        : { text: `${megabytes} MB`, ok: ours <= megabytes },
  };
}

/** Requests of one run, which do not depend on the machine: a limit that is broken fails the run, where it is not only a goal. */
export function count(name, figures, limit) {
  const { ours } = figures;
  return {
    name,
    cells: each(figures, String),
    against: figures.go ? ratio(ours / figures.go) : undefined,
    ratio: ours / figures.go,
    limit: limit && { text: limit.text, ok: ours <= limit.most, fails: !limit.isGoal },
  };
}

/** At most `times` the floor; undefined where nothing is promised. */
export function ratioLimit(floor, times, promised) {
  if (!promised) return undefined;
  return { most: floor * times, text: times === 1 ? String(floor) : `${times} × ${floor}` };
}

/** @param {{ratio?: number | undefined, milliseconds?: number}} limit */
function verdictOf({ ratio: most, milliseconds }, ours, go) {
  if (go === undefined) return undefined;
  if (most !== undefined) return { text: `${most} × Go`, ok: ours <= most * go };
  if (milliseconds !== undefined) return { text: `Go + ${milliseconds} ms`, ok: ours - go <= milliseconds };
  return undefined;
}

const ratio = (number) => (Number.isFinite(number) ? `${number.toFixed(2)} ×` : undefined);
