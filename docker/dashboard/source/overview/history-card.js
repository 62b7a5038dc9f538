import {computed, h, inject} from '../vendor/vue.js';
import {card, loadingState} from '../ui/bits.js';
import {count} from '../ui/format.js';
import {lastDays} from '../model/history.js';
import {HistoryChart} from './chart.js';

const series = [
  {name: 'critical', label: 'Critical'},
  {name: 'high', label: 'High'},
  {name: 'medium', label: 'Medium'},
  {name: 'low', label: 'Low'},
  {name: 'other', label: 'Other'},
  {name: 'clean', label: 'Clean'},
  {name: 'not_judged', label: 'Not judged'},
];
/** @type {[string, string][]} */
const ranges = [
  ['30', '30 days'],
  ['90', '90 days'],
  ['400', 'All'],
];

/** @typedef {import('../model/types.js').Day} Day */

/** Images over time, for as many days as the address says. */
export const HistoryCard = {
  setup() {
    const {report, router} = /** @type {import('../shell/context.js').Dashboard} */ (inject('dashboard'));
    const range = computed(() => router.route.value.query.days ?? '30');
    const days = computed(() => lastDays(report.history.state.value.model ?? [], Number(range.value) || 30));
    const shown = computed(() => {
      const only = router.route.value.query.show === 'vulnerable';
      return only ? series.slice(0, 5) : series;
    });
    return () =>
      card(
        'Images by their worst finding',
        [
          days.value.length < 2
            ? null
            : h('div', {class: 'choices'}, [
                choice(router, 'days', range.value, ranges, '30'),
                choice(
                  router,
                  'show',
                  router.route.value.query.show ?? '',
                  [
                    ['', 'All images'],
                    ['vulnerable', 'Vulnerable only'],
                  ],
                  '',
                ),
              ]),
          chart(report.history.state.value.phase, days.value, shown.value),
        ],
        {class: 'is-wide'},
      );
  },
};

/**
 * @param {string} phase
 * @param {Day[]} days
 * @param {typeof series} shown
 */
function chart(phase, days, shown) {
  if (phase === 'loading' || phase === 'idle') return loadingState('the history');
  if (phase === 'error') return h('p', {class: 'muted'}, 'The history cannot be shown now.');
  if (!days.length)
    return h(
      'p',
      {class: 'muted'},
      'The history begins with the first day that the aggregator records. Come back tomorrow.',
    );
  const last = days[days.length - 1];
  const numbers = shown.map(({name, label: word}) => `${word} ${count(last.images[name] ?? 0)}`);
  const label = `${days.length} days. On the last, ${numbers.join(', ')}.`;
  return h(HistoryChart, {days, series: shown, label});
}

/**
 * @param {import('../shell/router.js').Router} router
 * @param {string} name
 * @param {string} value
 * @param {[string, string][]} options
 * @param {string} usual
 */
function choice(router, name, value, options, usual) {
  return h(
    'div',
    {class: 'segments'},
    options.map(([option, label]) =>
      h(
        'a',
        {
          href: router.link({[name]: option === usual ? '' : option}),
          'aria-current': option === value ? 'true' : undefined,
        },
        label,
      ),
    ),
  );
}
