import {shallowRef} from '../vendor/vue.js';
import {isKeptCopy} from './copies.js';
import {ReportError, readJSON} from './http.js';

/**
 * @template T
 * @typedef {{phase: 'idle' | 'loading' | 'ready' | 'absent' | 'error', model: T | null, error: ReportError | null,
 *   bytes: number, cache: string, askedAt: number, version: number}} ResourceState
 */

/** Bytes between two signs of progress. */
const progressStep = 262_144;

/**
 * One file of the report: loaded when somebody looks, kept while it can be read no more, replaced when it changed.
 *
 * @template T
 */
export class Resource {
  #url;
  #read;
  #optional;
  #accepts;
  #etag = '';
  /** @type {Promise<boolean> | null} */
  #running = null;
  /** @type {import('../vendor/vue.js').Ref<ResourceState<T>>} */
  state = shallowRef({phase: 'idle', model: null, error: null, bytes: 0, cache: '', askedAt: 0, version: 0});

  /**
   * @param {string} url
   * @param {(json: any) => T} read
   * @param {{optional?: boolean, accepts?: (model: T, known: T | null) => boolean}} options optional: not being there is
   *   no error; accepts: whether what was read takes the place of what is known
   */
  constructor(url, read, {optional = false, accepts = () => true} = {}) {
    this.#url = url;
    this.#read = read;
    this.#optional = optional;
    this.#accepts = accepts;
  }

  /** Whether somebody looked at it. */
  get isWanted() {
    return this.state.value.phase !== 'idle';
  }

  /** Whether what is shown is the copy from before a failure, or the server's own. */
  get isOld() {
    const {model, error} = this.state.value;
    return model !== null && (error !== null || isKeptCopy(this.state.value));
  }

  /** Loads it unless it is there or under way. */
  ensure() {
    if (!this.isWanted) void this.refresh();
  }

  /**
   * Asks again; several callers at once share one request.
   *
   * @returns {Promise<boolean>} whether there is something new
   */
  refresh() {
    this.#running ??= this.#fetch().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #fetch() {
    if (!this.state.value.model) this.#change({phase: 'loading', error: null});
    try {
      const answer = await readJSON(this.#url, {etag: this.#etag, progress: (bytes) => this.#progress(bytes)});
      if (answer.unchanged) {
        this.#change({cache: answer.cache, askedAt: answer.askedAt, error: null});
        return false;
      }
      const model = this.#read(answer.json);
      if (!this.#accepts(model, this.state.value.model)) {
        this.#change({error: null});
        return false;
      }
      this.#etag = answer.etag;
      const {cache, askedAt, bytes} = answer;
      this.#change({phase: 'ready', model, error: null, bytes, cache, askedAt, version: this.state.value.version + 1});
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  /** @param {number} bytes */
  #progress(bytes) {
    const {phase, bytes: shown} = this.state.value;
    if (phase === 'loading' && bytes - shown > progressStep) this.#change({bytes});
  }

  /** @param {unknown} error */
  #fail(error) {
    const why = error instanceof Error ? error.message : String(error);
    const known =
      error instanceof ReportError ? error : new ReportError('broken', `${this.#url} has an unexpected shape: ${why}`);
    const {model} = this.state.value;
    // S3 refuses what is not there, too; of what was read before, a refusal says only that it may not be read now.
    const isAbsent = this.#optional && (known.kind === 'missing' || (known.kind === 'refused' && !model));
    // Else the next answer, alike, would count as what is shown already.
    if (isAbsent) this.#etag = '';
    if (model && !isAbsent) this.#change({error: known});
    else this.#change({phase: isAbsent ? 'absent' : 'error', model: null, error: known});
  }

  /** @param {Partial<ResourceState<T>>} part */
  #change(part) {
    this.state.value = {...this.state.value, ...part};
  }
}
