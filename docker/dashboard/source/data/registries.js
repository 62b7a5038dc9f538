import {shallowReactive} from '../vendor/vue.js';
import {isKeptCopy} from './copies.js';
import {Questions} from './questions.js';

/** @typedef {import('../model/types.js').Image} Image */
/** @typedef {import('../model/types.js').ImageSummary} ImageSummary */
/** @typedef {import('../model/types.js').Registry} Registry */
/** @typedef {import('./copies.js').Copies} Copies */
/** @typedef {{package: string, version: string, fixed: string | null}} Package */
/**
 * @typedef {{phase: 'waiting' | 'loading' | 'ready' | 'error', images: Image[], bytes: number, error: string,
 *   old: boolean, registry: Registry | null, cache: string, askedAt: number}} RegistryState
 */

const atOnce = 4;
/** @type {RegistryState} */
const unread = {phase: 'waiting', images: [], bytes: 0, error: '', old: false, registry: null, cache: '', askedAt: 0};

/** The images of the registries that somebody looked at; findings stay with the worker until they are asked for. */
export class Registries {
  /** @type {Map<string, RegistryState>} */
  entries = shallowReactive(new Map());
  /** @type {Map<string, Registry>} those to be asked for, in their order */
  #waiting = new Map();
  /** @type {Set<string>} */
  #running = new Set();
  #questions;
  #copies;

  /** @param {Copies} copies */
  constructor(copies) {
    this.#copies = copies;
    this.#questions = new Questions(copies, (file, bytes) => this.#update(file, {bytes}));
  }

  /**
   * Loads those that are not there, and asks again for those that a newer report made old.
   *
   * @param {Registry[]} registries
   */
  ensure(registries) {
    for (const registry of registries) {
      const entry = this.entries.get(registry.file);
      if (entry && !entry.old) continue;
      this.#change(registry.file, {old: false, registry});
      this.#waiting.set(registry.file, registry);
    }
    this.#pump();
  }

  /**
   * Asks again for what was looked at and may be older than the index, or, where wanted, could not be read.
   *
   * @param {boolean} alsoFailed
   */
  catchUp(alsoFailed) {
    for (const [file, entry] of this.entries) {
      // What nobody looked at since the index came waits for that; what is under way needs no second question.
      if (!entry.registry || entry.old || this.#running.has(file)) continue;
      const isWanted = alsoFailed && (entry.error || isKeptCopy(entry));
      if (isWanted || (entry.phase === 'ready' && this.#copies.mayLag(entry))) this.#waiting.set(file, entry.registry);
    }
    this.#pump();
  }

  /** Those shown as they were before a failure, or as the server kept them. */
  get old() {
    return [...this.entries.values()].filter((each) => each.phase === 'ready' && (each.error || isKeptCopy(each)));
  }

  /**
   * A newer report is there: what was loaded is shown until it was asked for again.
   *
   * @param {{has: (file: string) => boolean}} files those that still exist
   */
  outdate(files) {
    for (const [file, entry] of this.entries) {
      if (files.has(file)) this.entries.set(file, {...entry, old: true});
      else this.entries.delete(file);
    }
  }

  /**
   * @param {string} file
   * @param {string} repository
   * @param {string} digest
   * @returns {Promise<import('../model/types.js').Finding[] | null>}
   */
  findings(file, repository, digest) {
    return this.#questions.ask('findings', file, repository, digest);
  }

  /**
   * @param {string} file
   * @param {string} vulnerability
   * @returns {Promise<{places: {repository: string, digest: string, tags: string[], packages: Package[]}[],
   *   mayLag: boolean}>}
   */
  affected(file, vulnerability) {
    return this.#questions.ask('affected', file, vulnerability);
  }

  #pump() {
    for (const [file, registry] of this.#waiting) {
      if (this.#running.size === atOnce) return;
      // Asked for once more while it is read: after that.
      if (this.#running.has(file)) continue;
      this.#waiting.delete(file);
      this.#running.add(file);
      void this.#load(registry).finally(() => {
        this.#running.delete(file);
        this.#pump();
      });
    }
  }

  /** @param {Registry} registry */
  async #load(registry) {
    const {file} = registry;
    const known = this.entries.get(file);
    if (!known) return;
    const hasImages = known.images.length > 0;
    if (!hasImages) this.#change(file, {phase: 'loading', error: ''});
    try {
      const {unchanged, images, cache, askedAt} = await this.#questions.ask('load', file, hasImages);
      const placed = unchanged
        ? {}
        : {images: images.map((/** @type {ImageSummary} */ image) => place(image, registry))};
      this.#update(file, {phase: 'ready', error: '', cache, askedAt, ...placed});
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#update(file, {phase: hasImages ? 'ready' : 'error', error: why});
    }
  }

  /**
   * What came of a question: nothing where nobody looks at the registry, or where it vanished meanwhile.
   *
   * @param {string} file
   * @param {Partial<RegistryState>} part
   */
  #update(file, part) {
    if (this.entries.has(file)) this.#change(file, part);
  }

  /**
   * @param {string} file
   * @param {Partial<RegistryState>} part
   */
  #change(file, part) {
    this.entries.set(file, {...(this.entries.get(file) ?? unread), ...part});
  }
}

/**
 * @param {ImageSummary} image
 * @param {Registry} registry
 * @returns {Image}
 */
function place(image, {account, accountName, region, file}) {
  const text = `${image.repository} ${image.tags.join(' ')} ${image.digest} ${account} ${accountName} ${region}`;
  return {...image, account, accountName, region, file, text: text.toLowerCase()};
}
