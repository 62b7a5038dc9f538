const locale = 'en-GB';
const dateTime = new Intl.DateTimeFormat(locale, {dateStyle: 'medium', timeStyle: 'short'});
const zoned = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
});
const dayOnly = new Intl.DateTimeFormat(locale, {day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC'});
const numbers = new Intl.NumberFormat(locale);
const relative = new Intl.RelativeTimeFormat(locale, {numeric: 'auto', style: 'long'});

/** @param {number} value */
export const count = (value) => numbers.format(value);

/**
 * With the zone's name.
 *
 * @param {number} time
 */
export const moment = (time) => zoned.format(time);

/** @param {number} time */
export const shortMoment = (time) => dateTime.format(time);

const dayLength = 86_400_000;

/**
 * How many days since 1970 a day such as `2026-11-26` is, by UTC as the report counts them.
 *
 * @param {string} day
 */
export const dayNumber = (day) => Math.floor(Date.parse(day) / dayLength);

/**
 * A day of the report; it is one of UTC wherever the reader is.
 *
 * @param {string} day such as `2026-11-26`
 */
export const date = (day) => dayOnly.format(dayNumber(day) * dayLength);

/**
 * @param {number} part
 * @param {number} whole never rounded up to 100 %
 */
export function percent(part, whole) {
  if (!whole) return '–';
  const share = Math.floor((part / whole) * 1000) / 10;
  return share === 0 && part > 0 ? '< 0.1 %' : `${share} %`;
}

const units = /** @type {const} */ ([
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]);

/**
 * @param {number} time
 * @param {number} now
 */
export function ago(time, now) {
  const seconds = (now - time) / 1000;
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return relative.format(-Math.floor(seconds / length), unit);
  }
  return 'just now';
}

/**
 * Two units at most, such as `4 d 2 h`.
 *
 * @param {number} seconds
 */
export function duration(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const parts = /** @type {const} */ ([
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
  ]);
  const found = [];
  let rest = seconds;
  for (const [unit, length] of parts) {
    const whole = Math.floor(rest / length);
    rest -= whole * length;
    if (whole) found.push(`${whole} ${unit}`);
  }
  return found.slice(0, 2).join(' ');
}

/** @param {number} bytes */
export const size = (bytes) =>
  bytes < 1_048_576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;

/**
 * @param {number} number
 * @param {string} one
 * @param {string} many
 */
export const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;

/**
 * `sha256:` and twelve digits, as people know it from docker.
 *
 * @param {string} digest
 */
export const shortDigest = (digest) => digest.replace(/^sha256:/, '').slice(0, 12);
