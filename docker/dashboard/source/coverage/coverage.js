import {computed, h, inject} from '../vendor/vue.js';
import {emptyState, errorState, loadingState, nothingMatches, timeAgo} from '../ui/bits.js';
import {downloadCSV} from '../ui/csv.js';
import {filterEnd, filterForm, placeFields, searchField, selectField} from '../ui/fields.js';
import {count, percent, plural, shortDigest, size} from '../ui/format.js';
import {VirtualTable} from '../ui/virtual-table.js';
import {actionFor, actionKey, describe, isBlocked} from '../model/coverage.js';
import {hasWords, words} from '../model/vulnerabilities.js';
import {imageLink} from '../images/links.js';
import {href} from '../shell/router.js';

/** @typedef {import('../model/types.js').Gap} Gap */
/** @typedef {import('../shell/context.js').Dashboard} Dashboard */
/** @typedef {{key: string, state: string, action: string, isNumber: boolean, gaps: number, images: number,
 *   places: number}} Group */

/** @type {[string, string][]} */
const levelOptions = [
  ['', 'Everything'],
  ['place', 'Whole places'],
  ['image', 'Images'],
];

const csvColumns = [
  {label: 'What', value: (/** @type {Gap} */ gap) => gap.level},
  {label: 'Account', value: (/** @type {Gap} */ gap) => gap.account},
  {label: 'Account name', value: (/** @type {Gap} */ gap) => gap.accountName},
  {label: 'Region', value: (/** @type {Gap} */ gap) => gap.region},
  {label: 'Repository', value: (/** @type {Gap} */ gap) => gap.repository},
  {label: 'Digest', value: (/** @type {Gap} */ gap) => gap.digest},
  {label: 'Tags', value: (/** @type {Gap} */ gap) => gap.tags.join(' ')},
  {label: 'State', value: (/** @type {Gap} */ gap) => gap.state},
  {label: 'Reason', value: (/** @type {Gap} */ gap) => gap.reason},
  {label: 'What would mend it', value: (/** @type {Gap} */ gap) => actionFor(gap.state, gap.reason)},
];

/**
 * Gaps that the same action mends.
 *
 * @param {Gap[]} gaps
 * @returns {Group[]}
 */
function grouped(gaps) {
  /** @type {Map<string, Group>} */
  const groups = new Map();
  for (const gap of gaps) {
    const key = actionKey(gap.state, gap.reason);
    const {state, isNumber} = gap;
    const action = actionFor(state, gap.reason);
    const group = groups.get(key) ?? {key, state, action, isNumber, gaps: 0, images: 0, places: 0};
    group.gaps += 1;
    group.images += gap.images;
    if (gap.level !== 'image') group.places += 1;
    groups.set(key, group);
  }
  const weight = (/** @type {Group} */ group) =>
    (group.places && !group.isNumber ? 1e6 : 0) + (describe(group.state).kind === 'gap' ? 1e5 : 0) + group.gaps;
  return [...groups.values()].sort((a, b) => weight(b) - weight(a));
}

/** @param {Dashboard} dashboard */
function useGaps({report, router}) {
  const query = computed(() => router.route.value.query);
  const within = computed(() => {
    const {account = '', region = ''} = query.value;
    const all = report.index.state.value.model?.gaps ?? [];
    return all.filter(
      (gap) => (!account || gap.account === account) && (!region || gap.region === region || !gap.region),
    );
  });
  const rows = computed(() => {
    const {q = '', state = '', level = '', action = ''} = query.value;
    const wanted = words(q);
    return within.value.filter(
      (gap) =>
        (!state || gap.state === state) &&
        (!action || actionKey(gap.state, gap.reason) === action) &&
        hasWords(gap.text, wanted) &&
        (!level || (level === 'image' ? gap.level === 'image' : isBlocked(gap))),
    );
  });
  return {within, rows, groups: computed(() => grouped(within.value))};
}

/** @param {number} now */
const columns = (now) => [
  {
    name: 'where',
    label: 'Where',
    cell: (/** @type {Gap} */ gap) => [
      h('span', {class: 'name'}, placeName(gap)),
      h('span', {class: 'muted sub'}, placeDetail(gap)),
    ],
  },
  {name: 'level', label: 'What', cell: (/** @type {Gap} */ gap) => (gap.level === 'region' ? 'registry' : gap.level)},
  {
    name: 'state',
    label: 'State',
    cell: (/** @type {Gap} */ gap) =>
      h('span', {class: ['pill', `is-${describe(gap.state).kind}`]}, describe(gap.state).label),
  },
  {
    name: 'reason',
    label: 'Reason, and what would mend it',
    cell: (/** @type {Gap} */ gap) => [
      h('span', {class: 'line', title: gap.reason}, gap.reason || '–'),
      h('span', {class: 'line action', title: actionFor(gap.state, gap.reason)}, actionFor(gap.state, gap.reason)),
    ],
  },
  {name: 'at', label: 'Last scan', cell: (/** @type {Gap} */ gap) => timeAgo(gap.at, now)},
];

/** @param {Gap} gap */
function placeName(gap) {
  if (gap.level === 'account') return gap.accountName || gap.account;
  if (gap.level === 'region') return `${gap.accountName || gap.account} · ${gap.region}`;
  return gap.digest ? `${gap.repository}${gap.tags.length ? `:${gap.tags[0]}` : ''}` : gap.repository;
}

/** @param {Gap} gap */
const placeDetail = (gap) =>
  [
    gap.level === 'image' ? shortDigest(gap.digest) : '',
    gap.level === 'account' || gap.level === 'region'
      ? gap.account
      : `${gap.accountName || gap.account} · ${gap.region}`,
  ]
    .filter(Boolean)
    .join(' · ');

/** @param {Gap} gap */
const gapLink = (gap) =>
  gap.digest
    ? imageLink(gap, gap.repository, gap.digest)
    : href('images', {
        by: gap.repository ? 'image' : 'repository',
        account: gap.account,
        region: gap.region,
        repository: gap.repository,
      });

/**
 * @param {Group[]} groups
 * @param {import('../shell/router.js').Router} router
 */
const groupList = (groups, router) =>
  h(
    'ul',
    {class: 'groups', 'aria-label': 'Why, and what would mend it'},
    groups.map((group) =>
      h('li', {class: 'group'}, [
        h(
          'a',
          {
            class: 'group-head',
            href: router.link({state: '', action: router.route.value.query.action === group.key ? '' : group.key}),
            'aria-current': router.route.value.query.action === group.key ? 'true' : undefined,
          },
          [
            h('span', {class: ['swatch', `is-${describe(group.state).kind}`]}),
            h('strong', describe(group.state).label),
            h('span', {class: 'numeric'}, amount(group)),
          ],
        ),
        h('p', group.action),
      ]),
    ),
  );

/** @param {Group} group */
function amount({images, places, isNumber}) {
  if (isNumber) return `${plural(images, 'image')} in ${plural(places, 'repository', 'repositories')}`;
  return [images && plural(images, 'image'), places && plural(places, 'place')].filter(Boolean).join(', ');
}

/**
 * @param {import('../model/types.js').Index} index
 * @param {import('../shell/router.js').Router} router
 * @param {ReturnType<typeof useGaps>} gaps
 */
function filterBar(index, router, {within, rows}) {
  const states = [...new Set(within.value.map((gap) => gap.state))].map(
    (state) => /** @type {[string, string]} */ ([state, describe(state).label]),
  );
  return filterForm([
    searchField(router, 'Search', 'Place, tag, digest, reason'),
    selectField(router, 'state', 'State', [['', 'All'], ...states], {action: ''}),
    selectField(router, 'level', 'What', levelOptions),
    placeFields(router, index),
    filterEnd(plural(rows.value.length, 'gap'), rows.value, () => downloadCSV('coverage', csvColumns, rows.value)),
  ]);
}

/**
 * @param {Gap[]} rows
 * @param {number} now
 * @param {string} contents
 */
const gapTable = (rows, now, contents) =>
  h(VirtualTable, {
    label: 'What was not judged',
    kind: 'gaps',
    columns: columns(now),
    rows,
    selected: '',
    sort: '',
    contents,
    sortLink: () => '',
    rowKey: (/** @type {Gap} */ gap) => gap.key,
    link: gapLink,
  });

/**
 * How complete the picture of the chosen places is.
 *
 * @param {import('../model/types.js').Index} index
 * @param {Record<string, string>} query
 * @param {Gap[]} gaps
 */
function summary(index, {account = '', region = ''}, gaps) {
  const here = index.registries.filter(
    (each) => (!account || each.account === account) && (!region || each.region === region),
  );
  const {images, judged} = here.reduce(
    (sum, each) => ({images: sum.images + each.images, judged: sum.judged + each.judged}),
    {images: 0, judged: 0},
  );
  const blocked = gaps.filter(isBlocked).length;
  const missing = images - judged ? ` ${count(images - judged)} could not be.` : '';
  const unseen = blocked ? ` ${plural(blocked, 'place')} could not be looked into at all.` : '';
  return h('p', {class: 'lead'}, [
    h('strong', percent(judged, images)),
    ` of ${plural(images, 'image')} judged.${missing}${unseen}`,
  ]);
}

/**
 * @param {import('../model/types.js').Index} index
 * @param {Dashboard} dashboard
 * @param {ReturnType<typeof useGaps>} gaps
 */
const content = (index, {report, router}, {within, rows, groups}) =>
  h('div', {class: 'list coverage'}, [
    h('div', {class: 'coverage-head'}, [
      summary(index, router.route.value.query, within.value),
      groupList(groups.value, router),
    ]),
    h('div', {class: 'coverage-body'}, [
      filterBar(index, router, {within, rows, groups}),
      rows.value.length
        ? gapTable(rows.value, report.now.value, JSON.stringify(router.route.value.query))
        : nothingMatches('#/coverage'),
    ]),
  ]);

/** What was not judged and why, and what would mend it: absence is never health. */
export const Coverage = {
  setup() {
    const dashboard = /** @type {Dashboard} */ (inject('dashboard'));
    const {index} = dashboard.report;
    const gaps = useGaps(dashboard);
    return () => {
      const {phase, model, error, bytes} = index.state.value;
      if (phase === 'error') return errorState(error, () => void index.refresh());
      if (!model) return loadingState('the report', bytes ? size(bytes) : '');
      return h('div', {class: 'split'}, [
        h('h1', {class: 'hidden'}, 'Coverage'),
        model.gaps.length
          ? content(model, dashboard, gaps)
          : emptyState(
              'No gaps',
              `All ${plural(model.images, 'image')} were judged, and every place could be looked into.`,
            ),
      ]);
    };
  },
};
