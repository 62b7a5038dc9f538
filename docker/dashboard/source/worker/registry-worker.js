/**
 * Reads `<account>/<region>.json` away from the page, which never waits for a parse: the files of a large organization
 * hold millions of findings. The last few stay parsed; the rest is read again from the browser's cache when asked for.
 */
import {Copies} from '../data/copies.js';
import {readJSON} from '../data/http.js';
import {affectedBy, findingsOf, summarize} from '../model/registry.js';

const keptBytes = 96 * 1024 * 1024;

const copies = new Copies();

/** @typedef {{json: any, etag: string, bytes: number} & import('../data/copies.js').Answered} Entry */

/** @type {Map<string, Entry>} in the order of their use */
const parsed = new Map();

/**
 * What is known of files that were let go, so that an unchanged one needs no new summary.
 *
 * @type {Map<string, string>}
 */
const etags = new Map();

const address = (/** @type {string} */ file) => new URL(`../../../report/${file}`, import.meta.url).href;

/**
 * @param {string} file
 * @param {Entry} entry
 */
function keep(file, entry) {
  parsed.delete(file);
  parsed.set(file, entry);
  let total = 0;
  for (const {bytes} of parsed.values()) total += bytes;
  for (const [name, {bytes}] of parsed) {
    if (total <= keptBytes || parsed.size === 1) break;
    parsed.delete(name);
    total -= bytes;
  }
}

/** @param {string} file */
async function content(file) {
  const known = parsed.get(file);
  if (known && !copies.mayLag(known)) {
    keep(file, known);
    return known.json;
  }
  const {cache, askedAt, ...answer} = await fetched(file, known?.etag ?? '');
  const entry = {...(known && answer.unchanged ? known : answer), cache, askedAt};
  keep(file, entry);
  return entry.json;
}

/**
 * @param {string} file
 * @param {string} etag
 */
function fetched(file, etag) {
  let shown = 0;
  const progress = (/** @type {number} */ bytes) => {
    if (bytes - shown < 262_144) return;
    shown = bytes;
    postMessage({progress: {file, bytes}});
  };
  return readJSON(address(file), {etag, progress});
}

/** @type {Record<string, (...parameters: any[]) => Promise<any>>} */
const operations = {
  /**
   * @param {string} file
   * @param {boolean} isKnown
   */
  async load(file, isKnown) {
    const answer = await fetched(file, isKnown ? (etags.get(file) ?? '') : '');
    const {cache, askedAt} = answer;
    if (answer.unchanged) {
      const known = parsed.get(file);
      if (known) keep(file, {...known, cache, askedAt});
      return {unchanged: true, images: [], cache, askedAt};
    }
    etags.set(file, answer.etag);
    keep(file, answer);
    return {unchanged: false, images: summarize(answer.json), cache, askedAt};
  },
  async findings(file, repository, digest) {
    return findingsOf(await content(file), repository, digest);
  },
  async affected(file, vulnerability) {
    const places = affectedBy(await content(file), vulnerability);
    const known = parsed.get(file);
    return {places, mayLag: known !== undefined && copies.mayLag(known)};
  },
};

addEventListener('message', async ({data: {id, operation, parameters, copies: seen}}) => {
  Object.assign(copies, seen);
  try {
    postMessage({id, result: await operations[operation](...parameters)});
  } catch (error) {
    postMessage({id, error: error instanceof Error ? error.message : String(error)});
  }
});
