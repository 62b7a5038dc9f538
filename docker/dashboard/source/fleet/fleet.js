import {h, inject, onBeforeUnmount, shallowRef, watch} from '../vendor/vue.js';
import {button, card, exactTime, loadingState, notice} from '../ui/bits.js';
import {count, duration, plural} from '../ui/format.js';
import {moment} from '../model/index.js';
import {createRates} from './rates.js';

/** @typedef {{id: string, total: number, done: number, dead: number, cancelled: number, retried?: number, recovered?: number, closed?: boolean, completed_at: number | null}} Sweep */
/** @typedef {{ready: number, due: number, in_flight: number, delayed: number, suspect: number, dead: number, backlog: number, desired_workers: number, oldest_ready_seconds: number, sweeps: Sweep[], readAt: number}} Queue */

const askSeconds = 5;

/** @param {string} id such as collect-20261123T090000Z */
const kindOf = (id) => /^(scan|collect)-/.exec(id)?.[1] ?? 'sweep';

/**
 * @param {Sweep} sweep
 * @param {number | null} eta
 */
function sweepItem(sweep, eta) {
  const over = sweep.done + sweep.dead + sweep.cancelled;
  const share = sweep.total ? over / sweep.total : 1;
  const complete = sweep.completed_at !== null;
  const facts = [
    sweep.dead && `${count(sweep.dead)} dead`,
    sweep.cancelled && `${count(sweep.cancelled)} cancelled`,
    sweep.retried && `${count(sweep.retried)} retried`,
    sweep.recovered && `${count(sweep.recovered)} recovered`,
  ];
  return h('li', {class: 'sweep', key: sweep.id}, [
    h('div', {class: 'sweep-head'}, [
      h(
        'strong',
        kindOf(sweep.id) === 'scan' ? 'Scan sweep' : kindOf(sweep.id) === 'collect' ? 'Collect sweep' : 'Sweep',
      ),
      h('code', {class: 'wrap'}, sweep.id),
      h(
        'span',
        {class: ['pill', complete ? (sweep.dead ? 'is-gap' : 'is-good') : 'is-pending']},
        complete
          ? sweep.dead
            ? 'Complete with gaps'
            : 'Complete'
          : sweep.closed === false
            ? 'Still listing'
            : 'Under way',
      ),
    ]),
    h('progress', {value: share, max: 1, 'aria-label': `${kindOf(sweep.id)} sweep ${sweep.id}`}),
    h('p', {class: 'muted'}, [
      `${count(over)} of ${plural(sweep.total, 'repository', 'repositories')}`,
      facts.filter(Boolean).map((fact) => ` · ${fact}`),
      complete
        ? [' · completed ', exactTime(/** @type {number} */ (sweep.completed_at) * 1000)]
        : eta === null
          ? ''
          : ` · about ${duration(eta)} left`,
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

/** What the fleet does now: the coordinator's queue, asked every few seconds while somebody looks. */
export const Fleet = {
  setup() {
    const {report} = /** @type {import('../shell/context.js').Dashboard} */ (inject('dashboard'));
    const rates = createRates();
    const etas = shallowRef(/** @type {Map<string, number | null>} */ (new Map()));
    const ask = () => {
      if (report.config.value.fleet && document.visibilityState === 'visible') void report.queue.refresh();
    };
    const timer = setInterval(ask, askSeconds * 1000);
    onBeforeUnmount(() => clearInterval(timer));
    watch(() => report.config.value, ask, {immediate: true});
    watch(
      () => report.queue.state.value.model,
      (queue) => {
        if (queue) etas.value = rates.observe(queue.sweeps ?? [], queue.readAt);
      },
      {immediate: true},
    );
    return () => {
      const {phase, model, error} = report.queue.state.value;
      const index = report.index.state.value.model;
      const title = h('h1', {class: 'hidden'}, 'Fleet');
      if (report.config.value.fleet === null) return loadingState('the queue');
      if (!report.config.value.fleet) {
        return h('div', {class: 'fleet'}, [
          title,
          notice('info', 'The coordinator is not connected: set DASHBOARD_COORDINATOR_URL to see its queue here.'),
          reported(index),
        ]);
      }
      const queue = /** @type {Queue | null} */ (model);
      if (!queue) {
        return h('div', {class: 'fleet'}, [
          title,
          phase === 'error'
            ? notice(
                'warning',
                `The coordinator does not answer, which tells nothing of the report. ${error?.message}`,
                button('Try again', ask),
              )
            : loadingState('the queue'),
          reported(index),
        ]);
      }
      return h('div', {class: 'fleet'}, [
        title,
        error
          ? notice('warning', [
              'The coordinator does not answer any more. This is what it said ',
              exactTime(queue.readAt),
              '.',
            ])
          : null,
        figures(queue),
        card(
          'Sweeps',
          queue.sweeps?.length
            ? h(
                'ul',
                {class: 'sweeps'},
                queue.sweeps.map((sweep) => sweepItem(sweep, etas.value.get(sweep.id) ?? null)),
              )
            : h('p', {class: 'muted'}, 'None is known. The coordinator starts them on their schedule.'),
        ),
      ]);
    };
  },
};
