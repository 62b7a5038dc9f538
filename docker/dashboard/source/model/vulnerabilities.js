import {levelOf} from './severity.js';
import {moment} from './index.js';

/** @typedef {import('./types.js').Vulnerability} Vulnerability */
/** @typedef {import('./types.js').Vulnerabilities} Vulnerabilities */
/** @typedef {import('./types.js').VulnerabilityRow} VulnerabilityRow */

/**
 * @param {any} file
 * @returns {Vulnerabilities}
 */
export function readVulnerabilities(file) {
  if (typeof file?.vulnerabilities !== 'object' || file.vulnerabilities === null)
    throw new Error('vulnerabilities.json holds no vulnerabilities');
  const list = Object.entries(file.vulnerabilities).map(([id, entry]) => readVulnerability(id, entry));
  return {
    generatedAt: moment(file.generated_at) ?? 0,
    registries: file.registries ?? [],
    list,
    byId: new Map(list.map((entry) => [entry.id, entry])),
  };
}

/**
 * @param {string} id
 * @param {any} entry
 * @returns {Vulnerability}
 */
function readVulnerability(id, entry) {
  const packages = entry.packages ?? [];
  const title = entry.title ?? '';
  const description = entry.description ?? '';
  return {
    id,
    severity: entry.severity ?? 'UNDEFINED',
    level: levelOf(entry.severity),
    images: entry.images ?? 0,
    title,
    description,
    link: entry.link ?? '',
    attributes: entry.attributes ?? [],
    places: entry.places ?? null,
    packages,
    fixable: entry.fixable_images ?? null,
    firstSeen: moment(entry.first_seen),
    score: entry.score ?? null,
    text: `${id} ${packages.join(' ')} ${title} ${description}`.toLowerCase(),
  };
}

/**
 * @param {string} query
 * @returns {string[]} every word has to be found
 */
export const words = (query) => query.toLowerCase().split(/\s+/).filter(Boolean);

/**
 * @param {string} text
 * @param {string[]} wanted
 */
export const hasWords = (text, wanted) => wanted.every((word) => text.includes(word));

/** @typedef {{q: string, severity: Set<string>, fix: string, account: string, region: string}} VulnerabilityFilter */

/**
 * Those that pass the filter, with the number of images that they have in the chosen accounts and regions.
 *
 * @param {Vulnerabilities} all
 * @param {VulnerabilityFilter} filter
 * @param {readonly {name: string}[]} levels
 * @returns {{entry: Vulnerability, images: number}[]}
 */
export function filterVulnerabilities(all, filter, levels) {
  const wanted = words(filter.q);
  const scope = registryMask(all.registries, filter.account, filter.region);
  const rows = [];
  for (const entry of all.list) {
    if (filter.severity.size && !filter.severity.has(levels[entry.level].name)) continue;
    if (filter.fix && !matchesFix(entry, filter.fix)) continue;
    if (!hasWords(entry.text, wanted)) continue;
    const images = scope ? imagesWithin(entry, scope) : entry.images;
    if (images > 0) rows.push({entry, images});
  }
  return rows;
}

/**
 * @param {Vulnerability} entry
 * @param {string} fix
 */
function matchesFix(entry, fix) {
  if (entry.fixable === null) return true;
  return fix === 'available' ? entry.fixable > 0 : entry.fixable < entry.images;
}

/**
 * @param {string[]} registries
 * @param {string} account
 * @param {string} region
 * @returns {boolean[] | null}
 */
function registryMask(registries, account, region) {
  if (!account && !region) return null;
  return registries.map((name) => {
    const slash = name.indexOf('/');
    return (!account || name.slice(0, slash) === account) && (!region || name.slice(slash + 1) === region);
  });
}

/**
 * An older report does not say where; then nothing is left out.
 *
 * @param {Vulnerability} entry
 * @param {boolean[]} scope
 */
function imagesWithin(entry, scope) {
  if (!entry.places) return entry.images;
  let images = 0;
  for (const [registry, count] of entry.places) if (scope[registry]) images += count;
  return images;
}

/** @type {Record<string, (a: VulnerabilityRow, b: VulnerabilityRow) => number>} */
export const orders = {
  severity: (a, b) => a.entry.level - b.entry.level || b.images - a.images || (a.entry.id < b.entry.id ? -1 : 1),
  images: (a, b) => b.images - a.images || a.entry.level - b.entry.level,
  newest: (a, b) => (b.entry.firstSeen ?? 0) - (a.entry.firstSeen ?? 0) || a.entry.level - b.entry.level,
  score: (a, b) => (b.entry.score ?? -1) - (a.entry.score ?? -1) || b.images - a.images,
  id: (a, b) => (a.entry.id < b.entry.id ? -1 : 1),
};
