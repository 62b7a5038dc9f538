/** @typedef {import('../model/types.js').Sweep} Sweep */

const rememberedSeconds = 120;

/** Estimates when a sweep ends by how much it did in the last two minutes that were watched. */
export function createRates() {
  /** @type {Map<string, {at: number, over: number}[]>} */
  let seen = new Map();
  return {
    /**
     * @param {Sweep[]} sweeps
     * @param {number} now in milliseconds
     * @returns {Map<string, number | null>} seconds left, null where unknown
     */
    observe(sweeps, now) {
      /** @type {typeof seen} */
      const next = new Map();
      /** @type {Map<string, number | null>} */
      const left = new Map();
      for (const sweep of sweeps) {
        if (sweep.completed_at !== null) continue;
        const over = sweep.done + sweep.dead + sweep.cancelled;
        const marks = [...(seen.get(sweep.id) ?? []), {at: now, over}].filter(
          (mark) => now - mark.at <= rememberedSeconds * 1000,
        );
        const rate = (over - marks[0].over) / ((now - marks[0].at) / 1000 || 1);
        next.set(sweep.id, marks);
        left.set(sweep.id, rate > 0 ? (sweep.total - over) / rate : null);
      }
      seen = next;
      return left;
    },
  };
}
