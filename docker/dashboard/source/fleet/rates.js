/** @typedef {import('../model/types.js').Sweep} Sweep */
/** @typedef {{left: number | null, stuckSince: number | null}} Outlook seconds left, and since when nothing moved */

const rememberedSeconds = 120;
const neededSeconds = 30;
const stuckSeconds = 60;

/** @param {Sweep} sweep */
export const jobsOver = (sweep) => sweep.done + sweep.dead + sweep.cancelled;

/**
 * Estimates when a sweep ends, by what it did in the two minutes that were watched last, else since it was opened. While it
 * still lists, nobody knows how much there will be.
 */
export function createRates() {
  /** @type {Map<string, {at: number, over: number}[]>} */
  let seen = new Map();
  return {
    /**
     * @param {Sweep[]} sweeps
     * @param {number} now in milliseconds
     * @returns {Map<string, Outlook>}
     */
    observe(sweeps, now) {
      /** @type {typeof seen} */
      const next = new Map();
      /** @type {Map<string, Outlook>} */
      const found = new Map();
      for (const sweep of sweeps) {
        if (sweep.completed_at !== null) continue;
        const marks = [...(seen.get(sweep.id) ?? []), {at: now, over: jobsOver(sweep)}].filter(
          (mark) => now - mark.at <= rememberedSeconds * 1000,
        );
        next.set(sweep.id, marks);
        found.set(sweep.id, outlook(sweep, marks, now));
      }
      seen = next;
      return found;
    },
  };
}

/**
 * @param {Sweep} sweep
 * @param {{at: number, over: number}[]} marks
 * @param {number} now
 * @returns {Outlook}
 */
function outlook(sweep, marks, now) {
  const over = jobsOver(sweep);
  const same = marks.find((mark) => mark.over === over) ?? marks[marks.length - 1];
  if (now - same.at >= stuckSeconds * 1000) return {left: null, stuckSince: same.at};
  if (sweep.closed === false) return {left: null, stuckSince: null};
  const watched = (now - marks[0].at) / 1000;
  const elapsed = sweep.opened_at ? now / 1000 - sweep.opened_at : 0;
  const recent = watched >= neededSeconds ? (over - marks[0].over) / watched : 0;
  const average = elapsed >= neededSeconds ? over / elapsed : 0;
  const rate = recent || average;
  return {left: rate > 0 ? (sweep.total - over) / rate : null, stuckSince: null};
}
