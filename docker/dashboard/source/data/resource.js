import {shallowRef} from '../vendor/vue.js';
import {readJSON, ReportError} from './http.js';

/**
 * @template T
 * @typedef {{phase: 'idle' | 'loading' | 'ready' | 'absent' | 'error', model: T | null, error: ReportError | null,
 *   bytes: number, cache: string, version: number}} ResourceState
 */

/**
 * One file of the report: loaded when somebody looks, kept while it can be read no more, replaced when it changed.
 *
 * @template T
 * @param {string} url
 * @param {(json: any) => T} read
 * @param {{optional?: boolean}} options optional: not being there is no error
 */
export function createResource(url, read, {optional = false} = {}) {
  /** @type {import('../vendor/vue.js').Ref<ResourceState<T>>} */
  const state = shallowRef({phase: 'idle', model: null, error: null, bytes: 0, cache: '', version: 0});
  let etag = '';
  /** @type {Promise<boolean> | null} */
  let running = null;

  const change = (/** @type {Partial<ResourceState<T>>} */ part) => {
    state.value = {...state.value, ...part};
  };

  /** @returns {Promise<boolean>} whether there is something new */
  async function fetchOnce() {
    if (!state.value.model) change({phase: 'loading', error: null});
    let shown = 0;
    const progress = (/** @type {number} */ bytes) => {
      if (bytes - shown > 262_144 && state.value.phase === 'loading') change({bytes: (shown = bytes)});
    };
    try {
      const answer = await readJSON(url, {etag, progress});
      if (answer.unchanged) {
        change({cache: answer.cache, error: null});
        return false;
      }
      const model = read(answer.json);
      etag = answer.etag;
      change({
        phase: 'ready',
        model,
        error: null,
        bytes: answer.bytes,
        cache: answer.cache,
        version: state.value.version + 1,
      });
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  }

  /** @param {unknown} error */
  function fail(error) {
    const known =
      error instanceof ReportError
        ? error
        : new ReportError(
            'broken',
            `${url} has an unexpected shape: ${error instanceof Error ? error.message : error}`,
          );
    const absent = optional && (known.kind === 'missing' || known.kind === 'refused');
    change(
      state.value.model && !absent ? {error: known} : {phase: absent ? 'absent' : 'error', model: null, error: known},
    );
  }

  return {
    state,
    /** Asks again; several callers at once share one request. */
    refresh() {
      running ??= fetchOnce().finally(() => {
        running = null;
      });
      return running;
    },
    /** Loads it unless it is there or under way. */
    ensure() {
      if (state.value.phase === 'idle') void this.refresh();
    },
    get wanted() {
      return state.value.phase !== 'idle';
    },
  };
}
