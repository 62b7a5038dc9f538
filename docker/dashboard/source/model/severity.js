/** @typedef {import('./types.js').Counts} Counts */

/** The five levels that colours tell apart; whatever AWS calls otherwise is `other` and keeps its word in lists. */
export const levels = [
  {name: 'critical', label: 'Critical'},
  {name: 'high', label: 'High'},
  {name: 'medium', label: 'Medium'},
  {name: 'low', label: 'Low'},
  {name: 'other', label: 'Other'},
];

const byWord = new Map([
  ['CRITICAL', 0],
  ['HIGH', 1],
  ['MEDIUM', 2],
  ['LOW', 3],
]);

/**
 * @param {string} word
 * @returns {number} 0 for critical to 4 for everything without a rank of its own
 */
export const levelOf = (word) => byWord.get(word) ?? 4;

/**
 * @param {Record<string, number> | undefined} findings
 * @returns {Counts}
 */
export function countsOf(findings) {
  /** @type {Counts} */
  const counts = [0, 0, 0, 0, 0];
  for (const [word, count] of Object.entries(findings ?? {})) counts[levelOf(word)] += count;
  return counts;
}

/**
 * Worst first: the critical ones decide, then the high ones, and so on.
 *
 * @param {Counts} a
 * @param {Counts} b
 */
export function compareCounts(a, b) {
  for (let level = 0; level < 5; level += 1) if (a[level] !== b[level]) return b[level] - a[level];
  return 0;
}

/** @param {Counts} counts */
export const sum = (counts) => counts.reduce((total, count) => total + count, 0);

/**
 * @param {Counts} into
 * @param {Counts} counts
 */
export function add(into, counts) {
  for (let level = 0; level < 5; level += 1) into[level] += counts[level];
}
