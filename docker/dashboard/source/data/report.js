import {readIndex} from '../model/index.js';
import {readVulnerabilities} from '../model/vulnerabilities.js';
import {readHistory} from '../model/history.js';
import {computed, shallowRef} from '../vendor/vue.js';
import {Copies} from './copies.js';
import {readJSON} from './http.js';
import {Registries} from './registries.js';
import {Resource} from './resource.js';

/** @typedef {ReturnType<typeof createReport>} Report */

/** `fleet` is null until the server has said whether it knows a coordinator. */
const defaults = {
  stale_after_seconds: 21_600,
  refresh_seconds: 300,
  copy_seconds: 30,
  build: '',
  fleet: /** @type {boolean | null} */ (null),
};

/** The name of the folder that these modules were loaded from. */
const ownBuild = /\/assets\/([^/]+)\//.exec(import.meta.url)?.[1] ?? '';

/**
 * Time goes on, and a report is asked for where somebody may be looking.
 *
 * @param {number} seconds between two questions
 * @param {import('../vendor/vue.js').Ref<number>} now
 * @param {() => Promise<void>} refresh
 * @param {(alsoFailed: boolean) => void} catchUp
 */
function keepFresh(seconds, now, refresh, catchUp) {
  const isSeen = () => document.visibilityState === 'visible';
  const whenSeen = () => {
    now.value = Date.now();
    if (isSeen()) void refresh();
  };
  setInterval(() => {
    now.value = Date.now();
    if (isSeen()) catchUp(false);
  }, 30_000);
  setInterval(whenSeen, seconds * 1000);
  document.addEventListener('visibilitychange', whenSeen);
}

/**
 * What is older than the index and could not be had anew, in words.
 *
 * @param {Resource<any>} history
 * @param {Resource<any>} vulnerabilities
 * @param {Registries} registries
 */
function listOld(history, vulnerabilities, registries) {
  const parts = [];
  if (history.isOld) parts.push({what: 'the history', why: history.state.value.error?.message});
  if (vulnerabilities.isOld) parts.push({what: 'the vulnerabilities', why: vulnerabilities.state.value.error?.message});
  const {old} = registries;
  if (old.length) parts.push({what: `the images of ${old.length} of the registries`, why: old[0].error});
  return parts;
}

/**
 * Of two servers one may keep an older copy; an index that was seen is not taken back for that.
 *
 * @param {import('../model/types.js').Index} model
 * @param {import('../model/types.js').Index | null} known
 * @param {Copies} copies
 * @param {Registries} registries
 */
function takesOver(model, known, copies, registries) {
  if (known && model.generatedAt < known.generatedAt) return false;
  copies.seenAt = Date.now();
  // Before anybody sees the new index: what then asks for images gets them anew.
  registries.outdate(new Set(model.byFile.keys()));
  return true;
}

/** Everything that is shown, and what keeps it fresh. */
export function createReport() {
  const config = shallowRef(defaults);
  const now = shallowRef(Date.now());
  const copies = new Copies();
  const registries = new Registries(copies);
  const index = new Resource('report/index.json', readIndex, {
    accepts: (model, known) => takesOver(model, known, copies, registries),
  });
  const vulnerabilities = new Resource('report/vulnerabilities.json', readVulnerabilities);
  const history = new Resource('report/history.json', readHistory, {optional: true});
  const queue = new Resource('api/queue', (json) => ({...json, readAt: Date.now()}));

  /**
   * Asks again for what somebody looked at and may be older than the index, or, where wanted, could not be read.
   *
   * @param {boolean} alsoFailed
   */
  function catchUp(alsoFailed) {
    for (const resource of [history, vulnerabilities]) {
      const {model, error, ...answered} = resource.state.value;
      const hasFailed = alsoFailed && (resource.isOld || error !== null);
      if (hasFailed || (model !== null && copies.mayLag(answered))) void resource.refresh();
    }
    registries.catchUp(alsoFailed);
  }

  async function readConfig() {
    try {
      config.value = {...defaults, ...(await readJSON('config.json')).json};
      copies.keptSeconds = config.value.copy_seconds;
    } catch {
      // Whatever is wrong shows at the report itself; what holds goes on holding.
      config.value = {...config.value, fleet: config.value.fleet ?? false};
    }
  }

  async function refresh() {
    void readConfig();
    await index.refresh();
    catchUp(true);
  }

  async function start() {
    void index.refresh();
    history.ensure();
    await readConfig();
    keepFresh(config.value.refresh_seconds, now, refresh, catchUp);
  }

  const oldParts = computed(() => listOld(history, vulnerabilities, registries));
  const isReplaced = computed(() => Boolean(config.value.build && ownBuild && config.value.build !== ownBuild));

  return {config, now, index, vulnerabilities, history, queue, registries, oldParts, isReplaced, refresh, start};
}
