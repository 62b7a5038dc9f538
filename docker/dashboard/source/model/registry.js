import {levelOf} from './severity.js';
import {moment} from './index.js';

/** @typedef {import('./types.js').ImageSummary} ImageSummary */
/** @typedef {import('./types.js').Finding} Finding */

/**
 * Where each member of a finding's row stands: the file says so itself.
 *
 * @param {string[]} fields
 */
function columns(fields) {
  const at = (/** @type {string} */ name) => fields.indexOf(name);
  return {
    id: at('id'),
    severity: at('severity'),
    package: at('package'),
    version: at('version'),
    fixed: at('fixed_version'),
    score: at('score'),
    seen: at('seen'),
  };
}

/**
 * What lists show of every image of `<account>/<region>.json`.
 *
 * @param {any} file
 * @returns {ImageSummary[]}
 */
export function summarize(file) {
  const column = columns(file.fields);
  const found = [];
  for (const repository of file.repositories) {
    for (const image of repository.images) found.push(summary(repository.name, image, column));
  }
  return found;
}

/**
 * @param {string} repository
 * @param {any} image
 * @param {ReturnType<typeof columns>} column
 * @returns {ImageSummary}
 */
function summary(repository, image, column) {
  /** @type {import('./types.js').Counts} */
  const counts = [0, 0, 0, 0, 0];
  let fixable = 0;
  for (const row of image.findings) {
    counts[levelOf(row[column.severity])] += 1;
    if (row[column.fixed]) fixable += 1;
  }
  return {
    repository,
    digest: image.digest,
    tags: image.tags,
    pushed: moment(image.pushed_at),
    state: image.coverage.state,
    reason: image.coverage.reason ?? '',
    at: moment(image.coverage.at),
    counts,
    fixable,
  };
}

/**
 * One image's findings, worst first, then by package and version; of an image that is not judged, the last known.
 *
 * @param {any} file
 * @param {string} repository
 * @param {string} digest
 * @returns {Finding[] | null}
 */
export function findingsOf(file, repository, digest) {
  const column = columns(file.fields);
  const image = file.repositories
    .find((/** @type {any} */ r) => r.name === repository)
    ?.images.find((/** @type {any} */ i) => i.digest === digest);
  if (!image) return null;
  const rows = image.findings.length ? image.findings : (image.last_known ?? []);
  const findings = rows.map((/** @type {any[]} */ row) => ({
    id: row[column.id],
    severity: row[column.severity],
    level: levelOf(row[column.severity]),
    package: row[column.package],
    version: row[column.version],
    fixed: row[column.fixed],
    score: row[column.score],
    since: moment(image.times?.[row[column.seen]]),
  }));
  return findings.sort(
    (/** @type {Finding} */ a, /** @type {Finding} */ b) =>
      a.level - b.level || compare(a.package, b.package) || compare(a.version, b.version) || compare(a.id, b.id),
  );
}

/**
 * @param {string} a
 * @param {string} b
 */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The images that a vulnerability hits, with the packages it sits in.
 *
 * @param {any} file
 * @param {string} vulnerability
 */
export function affectedBy(file, vulnerability) {
  const column = columns(file.fields);
  const found = [];
  for (const repository of file.repositories) {
    for (const image of repository.images) {
      const rows = image.findings.filter((/** @type {any[]} */ row) => row[column.id] === vulnerability);
      if (rows.length) {
        const packages = rows.map((/** @type {any[]} */ row) => ({
          package: row[column.package],
          version: row[column.version],
          fixed: row[column.fixed],
        }));
        found.push({repository: repository.name, digest: image.digest, tags: image.tags, packages});
      }
    }
  }
  return found;
}
