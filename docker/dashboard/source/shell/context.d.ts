import type {Report} from '../data/report.js';
import type {Ref} from '../vendor/vue.js';
import type {Router} from './router.js';

/** What every view is given. */
export interface Dashboard {
  report: Report;
  router: Router;
  /** What broke in the page itself; empty where nothing did. */
  fault: Ref<string>;
}
