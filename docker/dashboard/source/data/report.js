import {readIndex} from '../model/index.js';
import {readVulnerabilities} from '../model/vulnerabilities.js';
import {readHistory} from '../model/history.js';
import {shallowRef} from '../vendor/vue.js';
import {readJSON} from './http.js';
import {Registries} from './registries.js';
import {Resource} from './resource.js';

/** @typedef {ReturnType<typeof createReport>} Report */

/** `fleet` is null until the server has said whether it knows a coordinator. */
const defaults = {stale_after_seconds: 21_600, refresh_seconds: 300, fleet: /** @type {boolean | null} */ (null)};

/** Everything that is shown, and what keeps it fresh. */
export function createReport() {
  const config = shallowRef(defaults);
  const now = shallowRef(Date.now());
  const registries = new Registries();
  const index = new Resource('report/index.json', (json) => {
    const model = readIndex(json);
    // Before anybody sees the new index: what then asks for images gets them anew.
    registries.outdate(new Set(model.byFile.keys()));
    return model;
  });
  const vulnerabilities = new Resource('report/vulnerabilities.json', readVulnerabilities);
  const history = new Resource('report/history.json', readHistory, {optional: true});
  const queue = new Resource('api/queue', (json) => ({...json, readAt: Date.now()}));

  /** Asks for what was looked at; the large files only where the index is a new one. */
  async function refresh() {
    if (!(await index.refresh())) return;
    for (const resource of [history, vulnerabilities]) if (resource.isWanted) void resource.refresh();
  }

  /** Time goes on, and a report is asked for where somebody may be looking. */
  function keepFresh() {
    const whenSeen = () => {
      now.value = Date.now();
      if (document.visibilityState === 'visible') void refresh();
    };
    setInterval(() => {
      now.value = Date.now();
    }, 30_000);
    setInterval(whenSeen, config.value.refresh_seconds * 1000);
    document.addEventListener('visibilitychange', whenSeen);
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
    keepFresh();
  }

  return {config, now, index, vulnerabilities, history, queue, registries, refresh, start};
}
