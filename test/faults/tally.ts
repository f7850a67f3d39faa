/** What happened while lifecycles were played. */
export interface Tally {
  faults: number;
  kills: number;
  interrupts: number;
  imports: number;
  /** The longest that an engine took to end after a Ctrl-C, in milliseconds. */
  longestStop: number;
}

export const newTally = (): Tally => ({ faults: 0, kills: 0, interrupts: 0, imports: 0, longestStop: 0 });

export function addTo(sum: Tally, { faults, kills, interrupts, imports, longestStop }: Tally): void {
  sum.faults += faults;
  sum.kills += kills;
  sum.interrupts += interrupts;
  sum.imports += imports;
  sum.longestStop = Math.max(sum.longestStop, longestStop);
}
