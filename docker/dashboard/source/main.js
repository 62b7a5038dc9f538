import {createApp, shallowRef} from './vendor/vue.js';
import {createReport} from './data/report.js';
import {createRouter} from './shell/router.js';
import {Shell, views} from './shell/shell.js';

const report = createReport();
/** What broke in the page itself, until another view is opened. */
const fault = shallowRef('');
const app = createApp(Shell);
app.config.errorHandler = (/** @type {unknown} */ error) => {
  console.error(error);
  fault.value = error instanceof Error ? error.message : String(error);
};
app.provide('dashboard', {report, router: createRouter(views), fault});
app.mount('#app');
void report.start();
