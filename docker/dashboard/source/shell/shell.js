import {computed, h, inject, nextTick, ref, watch} from '../vendor/vue.js';
import {button, errorState, notice, timeAgo} from '../ui/bits.js';
import {ago, count, duration, moment} from '../ui/format.js';
import {Overview} from '../overview/overview.js';
import {Vulnerabilities} from '../vulnerabilities/list.js';
import {Images} from '../images/images.js';
import {Coverage} from '../coverage/coverage.js';
import {Fleet} from '../fleet/fleet.js';
import {keysAreOn, listenToKeys, shortcuts, switchKeys} from './keyboard.js';
import {createTheme} from './theme.js';

/** @typedef {import('./context.js').Dashboard} Dashboard */

const pages = /** @type {const} */ ([
  ['overview', 'Overview', Overview],
  ['vulnerabilities', 'Vulnerabilities', Vulnerabilities],
  ['images', 'Images', Images],
  ['coverage', 'Coverage', Coverage],
  ['fleet', 'Fleet', Fleet],
]);

export const views = pages.map(([name]) => name);

/** @param {Dashboard} dashboard */
function navigation({report, router}) {
  const index = report.index.state.value.model;
  const badges = /** @type {Record<string, number>} */ ({
    vulnerabilities: index?.vulnerabilities ?? 0,
    images: index?.images ?? 0,
    coverage: index?.gaps.length ?? 0,
  });
  return h(
    'nav',
    {class: 'views', 'aria-label': 'Views'},
    pages.map(([name, label]) =>
      h(
        'a',
        {
          href: `#/${name}`,
          'aria-current': router.route.value.view === name ? 'page' : undefined,
        },
        [label, badges[name] ? h('span', {class: 'view-count'}, count(badges[name])) : null],
      ),
    ),
  );
}

/** @param {Dashboard} dashboard */
function age({report}) {
  const {model} = report.index.state.value;
  if (!model) return null;
  const now = report.now.value;
  const isStale = now - oldest(model) > report.config.value.stale_after_seconds * 1000;
  return h('span', {class: ['age', {'is-stale': isStale}]}, [
    model.collectedAt === null ? null : ['Data ', timeAgo(model.collectedAt, now)],
    h('span', {class: {'age-report': model.collectedAt !== null}}, [
      model.collectedAt === null ? 'Report ' : ', report ',
      timeAgo(model.generatedAt, now),
    ]),
  ]);
}

/**
 * A report that is written anew without a newer sweep is as old as its data.
 *
 * @param {import('../model/types.js').Index} index
 */
const oldest = ({collectedAt, generatedAt}) => Math.min(collectedAt ?? generatedAt, generatedAt);

/**
 * @param {import('../model/types.js').Index} model
 * @param {Dashboard} dashboard
 */
function staleNotice(model, {report}) {
  const now = report.now.value;
  const due = report.config.value.stale_after_seconds;
  if (now - oldest(model) <= due * 1000) return null;
  const {collectedAt, generatedAt} = model;
  const isData = collectedAt !== null && now - collectedAt > due * 1000;
  const [what, at] = isData ? ['Its newest complete collect sweep ended', collectedAt] : ['It was made', generatedAt];
  return notice('warning', [
    h('strong', isData ? 'The data is old. ' : 'This report is old. '),
    `${what} ${ago(at, now)}, on ${moment(at)}; a newer one is due after ${duration(due)}. `,
    isData ? "Check the coordinator's sweeps under Fleet." : "Check the coordinator's sweeps and the aggregator.",
  ]);
}

/**
 * What the server says of its copy of the index.
 *
 * @param {string} cache
 * @param {import('../vendor/vue.js').Child} retry
 */
function copyNotice(cache, retry) {
  if (cache === 'STALE')
    return notice(
      'warning',
      [h('strong', 'The bucket cannot be reached. '), 'What you see is the copy that the server kept.'],
      retry,
    );
  return cache === 'UPDATING'
    ? notice('info', 'The server gave its copy while it fetches the report; the bucket takes long to answer.', retry)
    : null;
}

const reload = () => location.reload();

/** @param {Dashboard['report']} report */
const replacedNotice = (report) =>
  report.isReplaced.value
    ? notice('info', 'A newer dashboard is there. Reload the page to use it.', button('Reload', reload))
    : null;

/**
 * What is wrong with the picture as a whole, above every view.
 *
 * @param {Dashboard} dashboard
 */
function notices(dashboard) {
  const {report} = dashboard;
  const {model, error, cache} = report.index.state.value;
  if (!model) return replacedNotice(report);
  const later = report.vulnerabilities.state.value.model?.generatedAt ?? model.generatedAt;
  const retry = button('Try again', () => void report.refresh());
  const [part] = report.oldParts.value;
  const parts = report.oldParts.value.map(({what}) => what).join(', ');
  const why = part?.why ?? 'The bucket cannot be reached.';
  const isWhole = Boolean(error) || cache === 'STALE';
  return [
    replacedNotice(report),
    staleNotice(model, dashboard),
    error
      ? notice('warning', [h('strong', 'Not refreshed. '), `${error.message} What you see is the last copy.`], retry)
      : copyNotice(cache, retry),
    part && !isWhole ? notice('warning', [h('strong', 'Parts of this are old: '), `${parts}. ${why}`], retry) : null,
    Math.abs(later - model.generatedAt) > 120_000
      ? notice('info', 'A new report is being written: lists and totals may differ for a moment.', retry)
      : null,
  ];
}

/**
 * What a sheet of paper has to say by itself: which view and choice it is, and of when.
 *
 * @param {Dashboard} dashboard
 */
function printHead({report, router}) {
  const {view, query} = router.route.value;
  const {model} = report.index.state.value;
  const label = pages.find(([name]) => name === view)?.[1] ?? '';
  const choices = Object.entries(query).map(([name, value]) => `${name}: ${value}`);
  return h('div', {class: 'print-head', 'aria-hidden': 'true'}, [
    h('strong', [label, ...choices].join(' · ')),
    model
      ? h('p', [
          model.collectedAt === null ? '' : `Data of ${moment(model.collectedAt)}, `,
          `report of ${moment(model.generatedAt)}, printed ${moment(report.now.value)}`,
        ])
      : null,
  ]);
}

/** @param {import('../vendor/vue.js').Ref<any>} dialog */
const help = (dialog) =>
  h('dialog', {ref: dialog, class: 'help', 'aria-labelledby': 'help-title'}, [
    h('h2', {id: 'help-title'}, 'Keys'),
    h(
      'dl',
      shortcuts.map(([keys, what]) => h('div', [h('dt', h('kbd', keys)), h('dd', what)])),
    ),
    h('label', {class: 'check'}, [
      h('input', {
        type: 'checkbox',
        checked: keysAreOn(),
        onChange: (/** @type {any} */ event) => switchKeys(event.target.checked),
      }),
      ' Single keys work',
    ]),
    button('Close', () => dialog.value.close()),
  ]);

/**
 * Titles tell the tabs of a browser apart, and focus follows the eye to what was opened.
 *
 * @param {Dashboard} dashboard
 */
function followRoute({report, router, fault}) {
  const route = router.route;
  watch(
    () => route.value.view,
    () => {
      fault.value = '';
    },
  );
  const what = computed(() => route.value.query.id || route.value.query.image || '');
  watch(
    () => [route.value.view, what.value, report.index.state.value.model?.organization ?? ''].join('|'),
    () => {
      const label = pages.find(([name]) => name === route.value.view)?.[1] ?? '';
      document.title = [what.value.slice(0, 80), label, 'scanfleet'].filter(Boolean).join(' · ');
    },
    {immediate: true},
  );
  watch(
    () => what.value,
    async (now) => {
      if (!now) return; // The list goes back to the row that was open.
      await nextTick();
      /** @type {HTMLElement | null} */ (document.querySelector('[data-detail] h2'))?.focus({preventScroll: true});
    },
    {flush: 'post'},
  );
}

const skipLink = () =>
  h(
    'a',
    {
      class: 'skip',
      href: '#main',
      onClick: (/** @type {Event} */ event) => {
        event.preventDefault();
        document.getElementById('main')?.focus();
      },
    },
    'Skip to the content',
  );

export const Shell = {
  setup() {
    const dashboard = /** @type {Dashboard} */ (inject('dashboard'));
    const {report, router, fault} = dashboard;
    const theme = createTheme();
    const dialog = ref(/** @type {any} */ (null));
    listenToKeys({views, refresh: () => void report.refresh(), help: () => dialog.value.showModal()});
    followRoute(dashboard);
    return () => {
      const view = router.route.value.view;
      const page = pages.find(([name]) => name === view)?.[2] ?? Overview;
      return [
        skipLink(),
        h('header', {class: 'bar'}, [
          h('a', {class: 'brand', href: '#/overview'}, [
            'scanfleet',
            h('span', {class: 'organization'}, report.index.state.value.model?.organization ?? ''),
          ]),
          navigation(dashboard),
          h('div', {class: 'tools'}, [
            age(dashboard),
            button(theme.isDark.value ? 'Light' : 'Dark', theme.toggle, {
              'aria-label': theme.isDark.value ? 'Use light colours' : 'Use dark colours',
            }),
            button('?', () => dialog.value.showModal(), {'aria-label': 'Keys'}),
          ]),
        ]),
        h('main', {id: 'main', tabindex: -1, class: `v-${view}`}, [
          printHead(dashboard),
          h('div', {class: 'notices'}, notices(dashboard)),
          fault.value
            ? errorState({message: `The dashboard itself failed: ${fault.value}.`}, reload)
            : h(page, {key: view}),
        ]),
        help(dialog),
      ];
    };
  },
};
