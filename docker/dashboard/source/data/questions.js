/**
 * The address of the worker is our own module: the one script address that is ever made at run time.
 */
function startWorker() {
  const {trustedTypes} = /** @type {any} */ (globalThis);
  const policy = trustedTypes?.createPolicy('scanfleet', {createScriptURL: (/** @type {string} */ url) => url});
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
  #progress;

  /** @param {(file: string, bytes: number) => void} progress */
  constructor(progress) {
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
    }
    this.#last += 1;
    const id = this.#last;
    this.#worker.postMessage({id, operation, parameters});
    return new Promise((resolve, reject) => this.#open.set(id, {resolve, reject}));
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
