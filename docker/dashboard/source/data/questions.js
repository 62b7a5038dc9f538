/** Once for all workers: the browser refuses a second policy of the name. */
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy('scanfleet', {
  createScriptURL: (/** @type {string} */ url) => url,
});

/**
 * The address of the worker is our own module: the one script address that is ever made at run time.
 */
function startWorker() {
  const url = new URL('../worker/registry-worker.js', import.meta.url).href;
  return new Worker(policy ? policy.createScriptURL(url) : url, {type: 'module'});
}

/** Questions to the worker that reads the large files, answered by promises; it starts with the first. */
export class Questions {
  /** @type {Worker | null} */
  #worker = null;
  #last = 0;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  #open = new Map();
  #copies;
  #progress;

  /**
   * @param {import('./copies.js').Copies} copies
   * @param {(file: string, bytes: number) => void} progress
   */
  constructor(copies, progress) {
    this.#copies = copies;
    this.#progress = progress;
  }

  /**
   * @param {string} operation
   * @param {any[]} parameters
   * @returns {Promise<any>}
   */
  ask(operation, ...parameters) {
    if (!this.#worker) {
      this.#worker = startWorker();
      this.#worker.onmessage = ({data}) => this.#answered(data);
      this.#worker.onerror = () => this.#lost();
    }
    this.#last += 1;
    const id = this.#last;
    const {seenAt, keptSeconds} = this.#copies;
    this.#worker.postMessage({id, operation, parameters, copies: {seenAt, keptSeconds}});
    return new Promise((resolve, reject) => this.#open.set(id, {resolve, reject}));
  }

  /** The worker could not be loaded, as where a newer dashboard took this one's place, or broke: nobody waits for it. */
  #lost() {
    this.#worker?.terminate();
    this.#worker = null;
    const open = [...this.#open.values()];
    this.#open.clear();
    const error = new Error('A part of the dashboard that reads large files could not be started. Reload the page.');
    for (const {reject} of open) reject(error);
  }

  /** @param {any} answer */
  #answered({id, progress, error, result}) {
    if (progress) return this.#progress(progress.file, progress.bytes);
    const question = this.#open.get(id);
    this.#open.delete(id);
    if (error) question?.reject(new Error(error));
    else question?.resolve(result);
  }
}
