/** @typedef {import('./types.js').Day} Day */

/**
 * The days of history.json, the newest last.
 *
 * @param {any} file
 * @returns {Day[]}
 */
export function readHistory(file) {
  if (!Array.isArray(file?.days)) throw new Error('history.json holds no days');
  return file.days;
}

/**
 * The days that lie less than so many before the last one; those that nobody recorded are simply not there.
 *
 * @param {Day[]} days
 * @param {number} length
 */
export function lastDays(days, length) {
  const last = days.at(-1);
  if (!last) return [];
  const first = new Date(Date.parse(last.day) - (length - 1) * 86_400_000).toISOString().slice(0, 10);
  return days.filter(({day}) => day >= first);
}

/**
 * Mean seconds from first seen to gone over the last days; null where nothing was resolved.
 *
 * @param {Day[]} days
 */
export function meanTimeToFix(days) {
  let count = 0;
  let seconds = 0;
  for (const day of days) {
    count += day.time_to_fix?.count ?? 0;
    seconds += day.time_to_fix?.seconds ?? 0;
  }
  return count ? seconds / count : null;
}
