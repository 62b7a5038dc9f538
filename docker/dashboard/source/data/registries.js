import {shallowReactive} from '../vendor/vue.js';

/** @typedef {import('../model/types.js').Image} Image */
/** @typedef {import('../model/types.js').Registry} Registry */
/** @typedef {{phase: 'waiting' | 'loading' | 'ready' | 'error', images: Image[], bytes: number, error: string, old: boolean}} RegistryState */

const atOnce = 4;

/** The address of the worker is our own module: the one script address that is ever made at run time. */
function startWorker() {
  const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy('scanfleet', {
    createScriptURL: (/** @type {string} */ url) => url,
  });
  const url = new URL('../worker/registry-worker.js', import.meta.url).href;
  return new Worker(policy ? policy.createScriptURL(url) : url, {type: 'module'});
}

/**
 * Questions to the worker that reads the large files, answered by promises.
 *
 * @param {(file: string, bytes: number) => void} progress
 */
function createQuestions(progress) {
  /** @type {Worker | null} */
  let worker = null;
  let last = 0;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  const open = new Map();
  function answered(/** @type {MessageEvent} */ {data}) {
    if (data.progress) return progress(data.progress.file, data.progress.bytes);
    const question = open.get(data.id);
    open.delete(data.id);
    if (data.error) question?.reject(new Error(data.error));
    else question?.resolve(data.result);
  }
  return (/** @type {string} */ operation, /** @type {any[]} */ ...parameters) => {
    if (!worker) {
      worker = startWorker();
      worker.onmessage = answered;
    }
    const id = (last += 1);
    worker.postMessage({id, operation, parameters});
    return new Promise((resolve, reject) => open.set(id, {resolve, reject}));
  };
}

/** The images of the registries that somebody looked at; findings stay with the worker until they are asked for. */
export function createRegistries() {
  /** @type {Map<string, RegistryState>} */
  const entries = shallowReactive(new Map());
  /** @type {Registry[]} */
  const waiting = [];
  let running = 0;
  const ask = createQuestions((file, bytes) => change(file, {bytes}));

  /**
   * @param {string} file
   * @param {Partial<RegistryState>} part
   */
  function change(file, part) {
    const now = entries.get(file) ?? {phase: 'waiting', images: [], bytes: 0, error: '', old: false};
    entries.set(file, {...now, ...part});
  }

  /** @param {Registry} registry */
  async function load(registry) {
    const {account, accountName, region, file} = registry;
    const known = entries.get(file);
    if (known?.phase !== 'ready') change(file, {phase: 'loading', error: ''});
    try {
      const {unchanged, images} = await ask('load', file, Boolean(known?.images.length));
      const place = {account, accountName, region, file};
      change(file, {
        phase: 'ready',
        old: false,
        error: '',
        ...(unchanged ? {} : {images: images.map((/** @type {any} */ image) => placed(image, place))}),
      });
    } catch (error) {
      change(file, {
        phase: known?.images.length ? 'ready' : 'error',
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }

  function pump() {
    while (running < atOnce && waiting.length) {
      running += 1;
      void load(/** @type {Registry} */ (waiting.shift())).finally(() => {
        running -= 1;
        pump();
      });
    }
  }

  return {
    entries,
    /**
     * Loads those that are not there, and asks again for those that a newer report made old.
     *
     * @param {Registry[]} registries
     */
    ensure(registries) {
      for (const registry of registries) {
        const entry = entries.get(registry.file);
        if (entry && !entry.old) continue;
        change(registry.file, {old: false, ...(entry ? {} : {phase: 'waiting'})});
        waiting.push(registry);
      }
      pump();
    },
    /** @param {Registry[]} registries */
    retry(registries) {
      for (const {file} of registries) if (entries.get(file)?.phase === 'error') entries.delete(file);
      this.ensure(registries);
    },
    /**
     * A newer report is there: what was loaded is shown until it was asked for again.
     *
     * @param {Set<string>} files those that still exist
     */
    outdate(files) {
      if (entries.size) void ask('forget');
      for (const [file, entry] of entries) {
        if (files.has(file)) entries.set(file, {...entry, old: true});
        else entries.delete(file);
      }
    },
    /**
     * @param {string} file
     * @param {string} repository
     * @param {string} digest
     * @returns {Promise<import('../model/types.js').Finding[] | null>}
     */
    findings: (file, repository, digest) => ask('findings', file, repository, digest),
    /**
     * @param {string} file
     * @param {string} vulnerability
     * @returns {Promise<{repository: string, digest: string, tags: string[], packages: {package: string, version: string, fixed: string | null}[]}[]>}
     */
    affected: (file, vulnerability) => ask('affected', file, vulnerability),
  };
}

/**
 * @param {import('../model/types.js').ImageSummary} image
 * @param {{account: string, accountName: string, region: string, file: string}} place
 * @returns {Image}
 */
function placed(image, place) {
  const text = `${image.repository} ${image.tags.join(' ')} ${image.digest} ${place.account} ${place.accountName} ${place.region}`;
  return {...image, ...place, text: text.toLowerCase()};
}
