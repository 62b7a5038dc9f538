import {add, compareCounts, countsOf} from './severity.js';

/** @typedef {import('./types.js').Index} Index */
/** @typedef {import('./types.js').Gap} Gap */
/** @typedef {import('./types.js').AccountFile} AccountFile */
/** @typedef {import('./types.js').RegionFile} RegionFile */
/** @typedef {import('./types.js').RepositoryFile} RepositoryFile */
/** @typedef {import('./types.js').Obstacle} Obstacle */

/** @param {string | null | undefined} text */
export const moment = (text) => (text ? Date.parse(text) || null : null);

/**
 * Flattens index.json into the lists that the views filter.
 *
 * @param {import('./types.js').IndexFile} file
 * @returns {Index}
 */
export function readIndex(file) {
  if (!Array.isArray(file?.accounts)) throw new Error('index.json holds no list of accounts');
  /** @type {Index} */
  const index = {
    organization: file.organization ?? '',
    generatedAt: moment(file.generated_at) ?? 0,
    collectedAt: collectedAt(file.sweeps ?? []),
    newest: file.newest_critical?.map(readNewest) ?? null,
    sweeps: file.sweeps ?? [],
    accounts: [],
    registries: [],
    repositories: [],
    gaps: [],
    images: file.images ?? 0,
    judged: file.judged ?? 0,
    counts: countsOf(file.findings),
    coverage: file.coverage ?? {},
    vulnerabilities: file.vulnerabilities ?? 0,
    byFile: new Map(),
  };
  for (const account of file.accounts) readAccount(index, account);
  const order = {account: 0, region: 1, repository: 2, image: 3};
  index.gaps.sort((a, b) => order[a.level] - order[b.level]);
  index.accounts.sort((a, b) => compareCounts(a.counts, b.counts) || a.account.localeCompare(b.account));
  index.repositories.sort((a, b) => compareCounts(a.counts, b.counts) || a.name.localeCompare(b.name));
  return index;
}

/**
 * When the newest complete collect sweep ended.
 *
 * @param {import('./types.js').SweepFile[]} sweeps
 */
function collectedAt(sweeps) {
  const ends = sweeps
    .filter((sweep) => sweep.complete && (sweep.kind ?? sweep.id.split('-')[0]) === 'collect')
    .flatMap((sweep) => moment(sweep.completed_at) ?? []);
  return ends.length ? Math.max(...ends) : null;
}

/**
 * @param {import('./types.js').NewestFile} file
 * @returns {import('./types.js').NewestCritical}
 */
const readNewest = ({id, first_seen, images, packages, title}) => ({
  id,
  firstSeen: moment(first_seen),
  images,
  packages: packages ?? [],
  title: title ?? '',
});

/**
 * @param {Index} index
 * @param {AccountFile} file
 */
function readAccount(index, file) {
  const place = {account: file.id, accountName: file.name ?? ''};
  index.accounts.push({
    ...place,
    state: file.state,
    images: file.images ?? 0,
    judged: file.judged ?? 0,
    counts: countsOf(file.findings),
    obstacle: file.obstacle ?? null,
    obstacles: (file.regions ?? []).flatMap((region) => [
      ...(region.obstacle ? [region.obstacle] : []),
      ...obstaclesOf(region.repositories),
    ]),
    regions: file.regions?.length ?? 0,
    text: `${file.id} ${place.accountName}`.toLowerCase(),
  });
  if (file.obstacle) index.gaps.push(gap('account', {...place, region: '', repository: ''}, file.obstacle));
  for (const region of file.regions ?? []) readRegion(index, place, region);
}

/** @param {RepositoryFile[] | undefined} repositories */
const obstaclesOf = (repositories) => (repositories ?? []).flatMap(({obstacle}) => (obstacle ? [obstacle] : []));

/**
 * @param {Index} index
 * @param {{account: string, accountName: string}} parent
 * @param {RegionFile} file
 */
function readRegion(index, parent, file) {
  const place = {...parent, region: file.region};
  const registry = {
    ...place,
    file: file.file,
    images: file.images ?? 0,
    judged: file.judged ?? 0,
    counts: countsOf(file.findings),
    obstacle: file.obstacle ?? null,
    obstacles: obstaclesOf(file.repositories),
  };
  index.registries.push(registry);
  index.byFile.set(file.file, registry);
  if (file.obstacle) index.gaps.push(gap('region', {...place, repository: ''}, file.obstacle));
  for (const repository of file.repositories ?? []) readRepository(index, {...place, file: file.file}, repository);
}

/**
 * @param {Index} index
 * @param {{account: string, accountName: string, region: string, file: string}} parent
 * @param {RepositoryFile} file
 */
function readRepository(index, parent, file) {
  const {account, accountName, region} = parent;
  index.repositories.push({
    ...parent,
    name: file.name,
    images: file.images ?? 0,
    judged: file.judged ?? 0,
    counts: countsOf(file.findings),
    obstacle: file.obstacle ?? null,
    text: `${file.name} ${account} ${accountName} ${region}`.toLowerCase(),
  });
  const place = {account, accountName, region, repository: file.name};
  if (file.obstacle) index.gaps.push(gap('repository', place, file.obstacle));
  if (file.scan_obstacle) index.gaps.push(scanGap(place, file.scan_obstacle));
  countGap(index, place, 'beyond_limit', file.images_beyond_limit);
  countGap(index, place, 'out_of_scope', file.images_out_of_scope ?? 0);
  for (const image of file.not_judged ?? [])
    index.gaps.push(gap('image', place, image, image.digest, image.tags ?? []));
}

/**
 * @param {{account: string, accountName: string, region: string, repository: string}} place
 * @param {Obstacle} obstacle
 * @returns {Gap}
 */
function scanGap(place, obstacle) {
  const reason = `Scans could not be started: ${obstacle.reason ?? 'no reason is known'}`;
  const found = gap('repository', place, {...obstacle, reason});
  return {...found, key: `${found.key}/scan`, isRead: true};
}

/**
 * Images of which only the number is known, because nobody looked at them.
 *
 * @param {Index} index
 * @param {{account: string, accountName: string, region: string, repository: string}} place
 * @param {string} state
 * @param {number} images
 */
function countGap(index, place, state, images) {
  if (!(images > 0)) return;
  const reason = images === 1 ? '1 image was not looked at' : `${images} images were not looked at`;
  index.gaps.push({...gap('repository', place, {state, reason, at: null}), images, isNumber: true});
}

/**
 * @param {Gap['level']} level
 * @param {{account: string, accountName: string, region: string, repository: string}} place
 * @param {Obstacle} obstacle
 * @param {string} digest
 * @param {string[]} tags
 * @returns {Gap}
 */
function gap(level, place, obstacle, digest = '', tags = []) {
  const reason = obstacle.reason ?? '';
  return {
    ...place,
    level,
    digest,
    tags,
    state: obstacle.state,
    reason,
    at: moment(obstacle.at),
    images: level === 'image' ? 1 : 0,
    isNumber: false,
    isRead: false,
    key: [place.account, place.region, place.repository, digest, obstacle.state].join('/'),
    text: [place.account, place.accountName, place.region, place.repository, digest, ...tags, reason]
      .join(' ')
      .toLowerCase(),
  };
}

/**
 * Counts of the registries in a scope, summed.
 *
 * @param {import('./types.js').Repository[]} repositories
 */
export function totalCounts(repositories) {
  /** @type {import('./types.js').Counts} */
  const total = [0, 0, 0, 0, 0];
  for (const repository of repositories) add(total, repository.counts);
  return total;
}
