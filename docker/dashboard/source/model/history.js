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
