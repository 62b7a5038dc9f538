import {createApp} from './vendor/vue.js';
import {createReport} from './data/report.js';
import {createRouter} from './shell/router.js';
import {Shell, views} from './shell/shell.js';

const report = createReport();
const app = createApp(Shell);
app.provide('dashboard', {report, router: createRouter(views)});
app.mount('#app');
void report.start();
