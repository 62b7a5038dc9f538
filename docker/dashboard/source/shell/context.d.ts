import type {Report} from '../data/report.js';
import type {Router} from './router.js';

/** What every view is given. */
export interface Dashboard {
  report: Report;
  router: Router;
}
