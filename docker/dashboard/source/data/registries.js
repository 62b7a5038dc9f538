import {shallowReactive} from '../vendor/vue.js';
import {Questions} from './questions.js';

/** @typedef {import('../model/types.js').Image} Image */
/** @typedef {import('../model/types.js').ImageSummary} ImageSummary */
/** @typedef {import('../model/types.js').Registry} Registry */
/** @typedef {{package: string, version: string, fixed: string | null}} Package */
/**
 * @typedef {{phase: 'waiting' | 'loading' | 'ready' | 'error', images: Image[], bytes: number, error: string,
 *   old: boolean}} RegistryState
 */

const atOnce = 4;

/** The images of the registries that somebody looked at; findings stay with the worker until they are asked for. */
export class Registries {
  /** @type {Map<string, RegistryState>} */
  entries = shallowReactive(new Map());
  /** @type {Registry[]} */
  #waiting = [];
  #running = 0;
  #questions = new Questions((file, bytes) => this.#change(file, {bytes}));

  /**
   * Loads those that are not there, and asks again for those that a newer report made old.
   *
   * @param {Registry[]} registries
   */
  ensure(registries) {
    for (const registry of registries) {
      const entry = this.entries.get(registry.file);
      if (entry && !entry.old) continue;
      this.#change(registry.file, {old: false});
      this.#waiting.push(registry);
    }
    this.#pump();
  }

  /** @param {Registry[]} registries */
  retry(registries) {
    for (const {file} of registries) if (this.entries.get(file)?.phase === 'error') this.entries.delete(file);
    this.ensure(registries);
  }

  /**
   * A newer report is there: what was loaded is shown until it was asked for again.
   *
   * @param {{has: (file: string) => boolean}} files those that still exist
   */
  outdate(files) {
    if (this.entries.size) void this.#questions.ask('forget');
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
   * @returns {Promise<{repository: string, digest: string, tags: string[], packages: Package[]}[]>}
   */
  affected(file, vulnerability) {
    return this.#questions.ask('affected', file, vulnerability);
  }

  #pump() {
    while (this.#running < atOnce) {
      const registry = this.#waiting.shift();
      if (!registry) return;
      this.#running += 1;
      void this.#load(registry).finally(() => {
        this.#running -= 1;
        this.#pump();
      });
    }
  }

  /** @param {Registry} registry */
  async #load(registry) {
    const {file} = registry;
    const known = this.entries.get(file);
    const hasImages = Boolean(known?.images.length);
    if (!hasImages) this.#change(file, {phase: 'loading', error: ''});
    try {
      const {unchanged, images} = await this.#questions.ask('load', file, hasImages);
      const placed = unchanged
        ? {}
        : {images: images.map((/** @type {ImageSummary} */ image) => place(image, registry))};
      this.#change(file, {phase: 'ready', error: '', ...placed});
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#change(file, {phase: hasImages ? 'ready' : 'error', error: why});
    }
  }

  /**
   * @param {string} file
   * @param {Partial<RegistryState>} part
   */
  #change(file, part) {
    const now = this.entries.get(file) ?? {phase: 'waiting', images: [], bytes: 0, error: '', old: false};
    this.entries.set(file, {...now, ...part});
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
