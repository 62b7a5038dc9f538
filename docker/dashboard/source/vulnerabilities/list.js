import {computed, h, inject} from '../vendor/vue.js';
import {emptyState, errorState, loadingState, severityBadge, timeAgo} from '../ui/bits.js';
import {downloadCSV} from '../ui/csv.js';
import {filterEnd, filterForm, placeFields, searchField, selectField, severityField} from '../ui/fields.js';
import {count, plural, size} from '../ui/format.js';
import {VirtualTable} from '../ui/virtual-table.js';
import {filterVulnerabilities, orders} from '../model/vulnerabilities.js';
import {levels} from '../model/severity.js';
import {VulnerabilityDetail} from './detail.js';

/** @typedef {import('../model/types.js').Vulnerability} Vulnerability */
/** @typedef {{entry: Vulnerability, images: number}} Row */
/** @typedef {import('../shell/context.js').Dashboard} Dashboard */

/** @param {boolean} isNarrowed to some places, of which the report counts the images but not the fixes */
const csvColumns = (isNarrowed) => [
  {label: 'Vulnerability', value: (/** @type {Row} */ row) => row.entry.id},
  {label: 'Severity', value: (/** @type {Row} */ row) => row.entry.severity},
  {label: 'Score', value: (/** @type {Row} */ row) => row.entry.score},
  {label: 'Packages', value: (/** @type {Row} */ row) => row.entry.packages.join(', ')},
  {label: 'Images', value: (/** @type {Row} */ row) => row.images},
  {
    label: isNarrowed ? 'Images with a fix, in all places' : 'Images with a fix',
    value: (/** @type {Row} */ row) => row.entry.fixable,
  },
  {
    label: 'First seen',
    value: (/** @type {Row} */ row) =>
      row.entry.firstSeen === null ? '' : new Date(row.entry.firstSeen).toISOString(),
  },
  {label: 'Title', value: (/** @type {Row} */ row) => row.entry.title},
  {label: 'Link', value: (/** @type {Row} */ row) => row.entry.link},
];

/** @param {Dashboard} dashboard */
function useRows({report, router}) {
  const query = computed(() => router.route.value.query);
  // The detail's id is part of the query and must not filter again.
  const wanted = computed(() =>
    JSON.stringify(['q', 'severity', 'fix', 'account', 'region'].map((name) => query.value[name] ?? '')),
  );
  const filtered = computed(() => {
    const model = report.vulnerabilities.state.value.model;
    if (!model) return {rows: /** @type {Row[]} */ ([]), counts: [0, 0, 0, 0, 0]};
    const [q, severity, fix, account, region] = JSON.parse(wanted.value);
    const all = filterVulnerabilities(model, {q, severity: new Set(), fix, account, region}, levels);
    const counts = [0, 0, 0, 0, 0];
    for (const {entry} of all) counts[entry.level] += 1;
    const on = new Set(severity.split(',').filter(Boolean));
    return {rows: on.size ? all.filter(({entry}) => on.has(levels[entry.level].name)) : all, counts};
  });
  const sort = computed(() => (Object.hasOwn(orders, query.value.sort ?? '') ? query.value.sort : 'severity'));
  const rows = computed(() => [...filtered.value.rows].sort(orders[sort.value]));
  const contents = computed(() => wanted.value + sort.value);
  return {rows, sort, contents, counts: computed(() => filtered.value.counts)};
}

/** @param {import('../shell/router.js').Router} router */
const isNarrowed = ({route}) => Boolean(route.value.query.account || route.value.query.region);

/**
 * @param {number} now
 * @param {boolean} isWide whether all places are shown
 */
const columns = (now, isWide) => [
  {
    name: 'id',
    label: 'Vulnerability',
    sort: 'id',
    ascending: true,
    cell: (/** @type {Row} */ {entry}) => h('span', {class: 'name'}, entry.id),
  },
  {
    name: 'severity',
    label: 'Severity',
    sort: 'severity',
    cell: (/** @type {Row} */ {entry}) => severityBadge(entry.level, entry.severity),
  },
  {
    name: 'what',
    label: 'Package and title',
    cell: (/** @type {Row} */ {entry}) => [
      entry.packages.length
        ? h('strong', entry.packages.slice(0, 3).join(', ') + (entry.packages.length > 3 ? ' …' : ''))
        : null,
      ' ',
      h('span', {class: 'muted'}, entry.title || entry.description.slice(0, 120)),
    ],
  },
  {
    name: 'score',
    label: 'Score',
    sort: 'score',
    numeric: true,
    cell: (/** @type {Row} */ {entry}) => entry.score?.toFixed(1) ?? '–',
  },
  {name: 'images', label: 'Images', sort: 'images', numeric: true, cell: (/** @type {Row} */ row) => count(row.images)},
  {name: 'fix', label: isWide ? 'Fix' : 'Fix (all)', cell: (/** @type {Row} */ {entry}) => fixText(entry)},
  {
    name: 'seen',
    label: 'First seen',
    sort: 'newest',
    cell: (/** @type {Row} */ {entry}) => timeAgo(entry.firstSeen, now),
  },
];

/** @param {Vulnerability} entry */
function fixText(entry) {
  if (entry.fixable === null) return h('span', {class: 'muted'}, '–');
  if (entry.fixable === 0) return h('span', {class: 'muted'}, 'none');
  return h('span', {class: 'pill is-good'}, entry.fixable < entry.images ? 'partly' : 'yes');
}

/**
 * @param {Dashboard} dashboard
 * @param {ReturnType<typeof useRows>} list
 */
function filterBar({report, router}, {counts, rows}) {
  const index = report.index.state.value.model;
  return filterForm([
    searchField(router, 'Search', 'Id, package or text'),
    severityField(router, counts.value),
    selectField(router, 'fix', 'Fix', [
      ['', 'Any'],
      ['available', 'A fix is there'],
      ['none', 'Some have no fix'],
    ]),
    placeFields(router, index),
    filterEnd(plural(rows.value.length, 'vulnerability', 'vulnerabilities'), rows.value, () =>
      downloadCSV('vulnerabilities', csvColumns(isNarrowed(router)), rows.value),
    ),
  ]);
}

/** Every vulnerability that occurs; one is opened beside the list. */
export const Vulnerabilities = {
  setup() {
    const dashboard = /** @type {Dashboard} */ (inject('dashboard'));
    const {report, router} = dashboard;
    report.vulnerabilities.ensure();
    const list = useRows(dashboard);
    return () => {
      const {phase, model, error, bytes} = report.vulnerabilities.state.value;
      if (phase === 'error') return errorState(error, () => void report.vulnerabilities.refresh());
      if (!model) return loadingState('vulnerabilities', bytes ? size(bytes) : '');
      const query = router.route.value.query;
      const isFiltered = ['q', 'severity', 'fix', 'account', 'region'].some((name) => query[name]);
      return h('div', {class: ['split', {'has-detail': query.id}]}, [
        h('h1', {class: 'hidden'}, 'Vulnerabilities'),
        h('div', {class: 'list'}, [
          filterBar(dashboard, list),
          list.rows.value.length
            ? h(VirtualTable, {
                label: 'Vulnerabilities',
                kind: 'vulnerabilities',
                columns: columns(report.now.value, !isNarrowed(router)),
                rows: list.rows.value,
                selected: query.id ?? '',
                rowKey: (/** @type {Row} */ row) => row.entry.id,
                link: (/** @type {Row} */ row) => router.link({id: row.entry.id}),
                sort: list.sort.value,
                contents: list.contents.value,
                sortLink: (/** @type {string} */ sort) => router.link({sort}),
              })
            : isFiltered
              ? emptyState(
                  'Nothing matches',
                  'No vulnerability passes these filters.',
                  h('a', {href: '#/vulnerabilities', class: 'button'}, 'Clear the filters'),
                )
              : emptyState(
                  'No vulnerabilities',
                  'No judged image has a finding. See what was not judged under Coverage.',
                  h('a', {href: '#/coverage', class: 'button'}, 'Coverage'),
                ),
        ]),
        query.id ? h(VulnerabilityDetail, {key: query.id, id: query.id}) : null,
      ]);
    };
  },
};
