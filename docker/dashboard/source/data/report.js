import {readIndex} from '../model/index.js';
import {readVulnerabilities} from '../model/vulnerabilities.js';
import {readHistory} from '../model/history.js';
import {shallowRef} from '../vendor/vue.js';
import {readJSON} from './http.js';
import {createRegistries} from './registries.js';
import {createResource} from './resource.js';

/** @typedef {ReturnType<typeof createReport>} Report */

/** `fleet` is null until the server has said whether it knows a coordinator. */
const defaults = {stale_after_seconds: 21_600, refresh_seconds: 300, fleet: /** @type {boolean | null} */ (null)};

/** Everything that is shown, and what keeps it fresh. */
export function createReport() {
  const config = shallowRef(defaults);
  const now = shallowRef(Date.now());
  const registries = createRegistries();
  const index = createResource('report/index.json', (json) => {
    const model = readIndex(json);
    // Before anybody sees the new index: what then asks for images gets them anew.
    registries.outdate(new Set(model.byFile.keys()));
    return model;
  });
  const vulnerabilities = createResource('report/vulnerabilities.json', readVulnerabilities);
  const history = createResource('report/history.json', readHistory, {optional: true});
  const queue = createResource('api/queue', (json) => ({...json, readAt: Date.now()}));

  /** Asks for what was looked at; the large files only where the index is a new one. */
  async function refresh() {
    if (!(await index.refresh())) return;
    for (const resource of [history, vulnerabilities]) if (resource.wanted) void resource.refresh();
  }

  async function start() {
    void refresh();
    history.ensure();
    try {
      config.value = {...defaults, ...(await readJSON('config.json')).json};
    } catch {
      // Without it the defaults hold; whatever is wrong shows at the report itself.
      config.value = {...defaults, fleet: false};
    }
    setInterval(() => {
      now.value = Date.now();
    }, 30_000);
    setInterval(() => {
      if (document.visibilityState === 'visible') void refresh();
    }, config.value.refresh_seconds * 1000);
    document.addEventListener('visibilitychange', () => {
      now.value = Date.now();
      if (document.visibilityState === 'visible') void refresh();
    });
  }

  return {config, now, index, vulnerabilities, history, queue, registries, refresh, start};
}
