import {h, inject, onBeforeUnmount, shallowRef, watch} from '../vendor/vue.js';
import {button, card, exactTime, loadingState, notice} from '../ui/bits.js';
import {count, duration, plural} from '../ui/format.js';
import {moment} from '../model/index.js';
import {createRates, jobsOver} from './rates.js';

/** @typedef {import('../model/types.js').Sweep} Sweep */
/** @typedef {import('../model/types.js').Queue} Queue */
/** @typedef {import('./rates.js').Outlook} Outlook */

const askSeconds = 5;

/** @param {string} id such as collect-20261123T090000Z */
const kindOf = (id) => /^(scan|collect)-/.exec(id)?.[1] ?? 'sweep';

/** @param {Sweep} sweep */
function stateOf(sweep) {
  if (sweep.completed_at === null)
    return {tone: 'is-pending', label: sweep.closed === false ? 'Still listing' : 'Under way'};
  return sweep.dead ? {tone: 'is-gap', label: 'Complete with gaps'} : {tone: 'is-good', label: 'Complete'};
}

/** @param {Sweep} sweep */
const incidents = (sweep) =>
  /** @type {const} */ (['dead', 'cancelled', 'retried', 'recovered'])
    .filter((name) => sweep[name])
    .map((name) => ` · ${count(sweep[name] ?? 0)} ${name}`);

/**
 * @param {Sweep} sweep
 * @param {Outlook | null} outlook
 */
function ending(sweep, outlook) {
  if (sweep.completed_at !== null) return [' · completed ', exactTime(sweep.completed_at * 1000)];
  if (outlook?.stuckSince)
    return [' · ', h('span', {class: 'warn'}, ['no progress since ', exactTime(outlook.stuckSince)])];
  return outlook?.left ? ` · about ${duration(outlook.left)} left` : '';
}

/**
 * @param {Sweep} sweep
 * @param {Outlook | null} outlook
 */
function sweepItem(sweep, outlook) {
  const over = jobsOver(sweep);
  const {tone, label} = stateOf(sweep);
  const kind = kindOf(sweep.id);
  return h('li', {class: 'sweep', key: sweep.id}, [
    h('div', {class: 'sweep-head'}, [
      h('strong', kind === 'sweep' ? 'Sweep' : `${kind === 'scan' ? 'Scan' : 'Collect'} sweep`),
      h('code', {class: 'wrap'}, sweep.id),
      h('span', {class: ['pill', tone]}, label),
    ]),
    h('progress', {value: sweep.total ? over / sweep.total : 1, max: 1, 'aria-label': `${kind} sweep ${sweep.id}`}),
    h('p', {class: 'muted'}, [
      `${count(over)} of ${plural(sweep.total, 'repository', 'repositories')}`,
      incidents(sweep),
      ending(sweep, outlook),
    ]),
  ]);
}

/** @param {Queue} queue */
function figures(queue) {
  const figure = (/** @type {string} */ label, /** @type {string} */ value, /** @type {string} */ detail, tone = '') =>
    h('div', {class: ['figure', tone && `is-${tone}`]}, [
      h('span', {class: 'figure-label'}, label),
      h('span', {class: 'figure-value'}, value),
      h('span', {class: 'figure-detail'}, detail),
    ]);
  return h('div', {class: 'figures'}, [
    figure('Backlog', count(queue.backlog), `${count(queue.ready)} ready, ${count(queue.due)} due`),
    figure('In flight', count(queue.in_flight), `${plural(queue.desired_workers, 'worker')} would have work`),
    figure(
      'Waiting to be tried again',
      count(queue.delayed),
      queue.suspect ? `${count(queue.suspect)} run alone after a crash` : 'none suspected of crashing',
    ),
    figure(
      'Oldest ready',
      queue.ready ? duration(queue.oldest_ready_seconds) : '–',
      queue.ready ? 'in the queue' : 'nothing waits',
    ),
    figure(
      'Dead letters',
      count(queue.dead),
      queue.dead ? 'scanfleet dead list shows them' : 'none',
      queue.dead ? 'high' : 'clean',
    ),
  ]);
}

/**
 * What the report itself tells of its sweeps, where the coordinator cannot be asked.
 *
 * @param {import('../model/types.js').Index | null} index
 */
const reported = (index) =>
  index?.sweeps.length
    ? card(
        'Sweeps behind the report',
        h(
          'ul',
          {class: 'sweeps'},
          index.sweeps.map((sweep) => {
            const at = moment(sweep.completed_at);
            return sweepItem({...sweep, completed_at: at === null ? null : at / 1000}, null);
          }),
        ),
      )
    : null;

/** Asks while somebody looks. */
function useQueue() {
  const {report} = /** @type {import('../shell/context.js').Dashboard} */ (inject('dashboard'));
  const rates = createRates();
  const outlooks = shallowRef(/** @type {Map<string, Outlook>} */ (new Map()));
  const ask = () => {
    if (report.config.value.fleet && document.visibilityState === 'visible') void report.queue.refresh();
  };
  const observe = (/** @type {Queue | null} */ queue) => {
    if (queue) outlooks.value = rates.observe(queue.sweeps ?? [], queue.readAt);
  };
  const timer = setInterval(ask, askSeconds * 1000);
  onBeforeUnmount(() => clearInterval(timer));
  watch(() => report.config.value, ask, {immediate: true});
  watch(() => /** @type {Queue | null} */ (report.queue.state.value.model), observe, {immediate: true});
  return {report, outlooks, ask};
}

/**
 * @param {Queue} queue
 * @param {Map<string, Outlook>} outlooks
 * @param {unknown} error
 */
function live(queue, outlooks, error) {
  const lost = ['The coordinator does not answer any more. This is what it said ', exactTime(queue.readAt), '.'];
  const sweeps = (queue.sweeps ?? []).map((sweep) => sweepItem(sweep, outlooks.get(sweep.id) ?? null));
  const none = h('p', {class: 'muted'}, 'None is known. The coordinator starts them on their schedule.');
  return [
    error ? notice('warning', lost) : null,
    figures(queue),
    card('Sweeps', sweeps.length ? h('ul', {class: 'sweeps'}, sweeps) : none),
  ];
}

/** What the fleet does now: the coordinator's queue, asked every few seconds while somebody looks. */
export const Fleet = {
  setup() {
    const {report, outlooks, ask} = useQueue();
    const content = () => {
      const {phase, model, error} = report.queue.state.value;
      const {fleet} = report.config.value;
      if (model) return live(/** @type {Queue} */ (model), outlooks.value, error);
      const state =
        fleet === false
          ? notice('info', 'The coordinator is not connected: set DASHBOARD_COORDINATOR_URL to see its queue here.')
          : phase === 'error'
            ? notice(
                'warning',
                `The coordinator does not answer, which tells nothing of the report. ${error?.message}`,
                button('Try again', ask),
              )
            : loadingState('the queue');
      return [state, reported(report.index.state.value.model)];
    };
    return () => h('div', {class: 'fleet'}, [h('h1', {class: 'hidden'}, 'Fleet'), ...content()]);
  },
};
