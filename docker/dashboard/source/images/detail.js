import {computed, h, inject, shallowRef, watch} from '../vendor/vue.js';
import {
  button,
  countCells,
  digestWithCopy,
  errorState,
  exactTime,
  loadingState,
  notice,
  severityBadge,
} from '../ui/bits.js';
import {downloadCSV} from '../ui/csv.js';
import {detailPane} from '../ui/detail-pane.js';
import {count, plural, size} from '../ui/format.js';
import {VirtualTable} from '../ui/virtual-table.js';
import {actionFor, describe} from '../model/coverage.js';
import {href} from '../shell/router.js';
import {imageLink, parseImageName} from './links.js';

/** @typedef {import('../model/types.js').Finding} Finding */
/** @typedef {import('../model/types.js').Image} Image */
/** @typedef {import('../shell/context.js').Dashboard} Dashboard */

const columns = [
  {
    name: 'id',
    label: 'Vulnerability',
    sort: 'id',
    ascending: true,
    cell: (/** @type {Finding} */ row) => h('span', {class: 'name'}, row.id),
  },
  {
    name: 'severity',
    label: 'Severity',
    sort: 'severity',
    cell: (/** @type {Finding} */ row) => severityBadge(row.level, row.severity),
  },
  {
    name: 'package',
    label: 'Package',
    sort: 'package',
    ascending: true,
    cell: (/** @type {Finding} */ row) => [h('strong', row.package), ' ', row.version],
  },
  {
    name: 'fixed',
    label: 'Fixed in',
    cell: (/** @type {Finding} */ row) => row.fixed ?? h('span', {class: 'muted'}, 'no fix'),
  },
];
const csvColumns = [
  {label: 'Vulnerability', value: (/** @type {Finding} */ row) => row.id},
  {label: 'Severity', value: (/** @type {Finding} */ row) => row.severity},
  {label: 'Package', value: (/** @type {Finding} */ row) => row.package},
  {label: 'Version', value: (/** @type {Finding} */ row) => row.version},
  {label: 'Fixed in', value: (/** @type {Finding} */ row) => row.fixed},
  {label: 'Score', value: (/** @type {Finding} */ row) => row.score},
  {
    label: 'First seen',
    value: (/** @type {Finding} */ row) => (row.since === null ? '' : new Date(row.since).toISOString()),
  },
];

/** @type {Record<string, (a: Finding, b: Finding) => number>} */
const orders = {
  id: (a, b) => (a.id < b.id ? -1 : 1),
  package: (a, b) => a.package.localeCompare(b.package) || a.version.localeCompare(b.version),
};

/**
 * Loads the image's registry, then its findings.
 *
 * @param {Dashboard} dashboard
 * @param {NonNullable<ReturnType<typeof parseImageName>>} name
 */
function useImage({report}, name) {
  const file = `${name.account}/${name.region}.json`;
  const findings = shallowRef(/** @type {Finding[] | null} */ (null));
  const failure = shallowRef('');
  let asked = 0;
  const entry = computed(() => report.registries.entries.get(file));
  const image = computed(() =>
    entry.value?.images.find((each) => each.repository === name.repository && each.digest === name.digest),
  );
  const registry = computed(() => report.index.state.value.model?.byFile.get(file));
  watch(
    () => [registry.value, report.index.state.value.version].join(),
    () => {
      if (registry.value) report.registries.ensure([registry.value]);
    },
    {immediate: true},
  );
  async function read() {
    if (!image.value) return;
    asked += 1;
    const mine = asked;
    try {
      const answer = await report.registries.findings(file, name.repository, name.digest);
      if (mine !== asked) return;
      findings.value = answer;
      failure.value = answer ? '' : 'The newest report does not hold this image any more.';
    } catch (error) {
      if (mine === asked) failure.value = error instanceof Error ? error.message : String(error);
    }
  }
  function retry() {
    failure.value = '';
    void read();
  }
  watch(() => image.value, read, {immediate: true});
  const elsewhere = computed(() =>
    [...report.registries.entries.values()].flatMap((each) =>
      each.images.filter((other) => other.digest === name.digest && other !== image.value),
    ),
  );
  return {findings, failure, entry, image, registry, elsewhere, retry};
}

/** @param {Image} image */
function facts(image) {
  const fact = (/** @type {string} */ label, /** @type {import('../vendor/vue.js').Child} */ value, name = '') =>
    h('div', {class: name}, [h('dt', label), h('dd', value)]);
  return h('dl', {class: 'facts'}, [
    fact('Tags', image.tags.length ? image.tags.map((tag) => h('code', {class: 'tag wrap'}, tag)) : 'untagged'),
    fact('Digest', digestWithCopy(image.digest)),
    fact('Account', image.accountName ? `${image.accountName} · ${image.account}` : image.account),
    fact('Region', image.region),
    fact('Pushed', exactTime(image.pushed)),
    fact('Coverage', describe(image.state).label),
    fact(image.state === 'scanned' ? 'Scanned' : 'Last scan', exactTime(image.at)),
    image.state === 'scanned' ? fact('Findings', countCells(image.counts), 'is-wide') : null,
  ]);
}

/**
 * @param {Dashboard} dashboard
 * @param {Finding[]} findings
 * @param {Image} image
 */
function findingsList({router}, findings, image) {
  if (!findings.length) {
    return image.state === 'scanned'
      ? h('p', {class: 'good'}, 'Clean: the scan found nothing.')
      : h('p', {class: 'muted'}, 'No findings are known, which does not mean that there are none.');
  }
  const order = router.route.value.query.order ?? 'severity';
  const rows = Object.hasOwn(orders, order) ? [...findings].sort(orders[order]) : findings;
  const name = `findings-${image.repository.replaceAll('/', '_')}-${image.digest.slice(7, 19)}`;
  return [
    h('div', {class: 'section-head'}, [
      h('h3', plural(findings.length, image.state === 'scanned' ? 'finding' : 'last known finding')),
      button('CSV', () => downloadCSV(name, csvColumns, rows), {'aria-label': 'Download the findings as CSV'}),
    ]),
    h(VirtualTable, {
      label: 'Findings',
      kind: 'findings',
      columns,
      rows,
      selected: '',
      sort: order,
      contents: order,
      sortLink: (/** @type {string} */ sort) => router.link({order: sort === 'severity' ? '' : sort}),
      rowKey: (/** @type {Finding} */ row) => `${row.id} ${row.package} ${row.version}`,
      link: (/** @type {Finding} */ row) => href('vulnerabilities', {id: row.id}),
    }),
  ];
}

/** @param {Image} image */
const gapNotice = (image) =>
  image.state === 'scanned'
    ? null
    : notice('warning', [
        h('strong', `Not judged: ${describe(image.state).label.toLowerCase()}. `),
        image.reason ? `${image.reason} ` : '',
        actionFor(image.state, image.reason),
      ]);

/**
 * The places of the same digest, among the registries that were read.
 *
 * @param {Image[]} places
 * @param {Dashboard} dashboard
 */
function elsewhereList(places, {report}) {
  const all = (report.index.state.value.model?.registries ?? []).filter((each) => each.images > 0);
  const read = all.filter((each) => report.registries.entries.get(each.file)?.phase === 'ready').length;
  return h('section', {'aria-label': 'The same image elsewhere', class: 'elsewhere'}, [
    h('div', {class: 'section-head'}, [
      h('h3', places.length ? `The same image in ${plural(places.length, 'more place')}` : 'The same image elsewhere'),
      read < all.length ? button('Read all', () => report.registries.ensure(all)) : null,
    ]),
    h(
      'p',
      {class: 'muted'},
      `${places.length ? 'Found' : 'Not found'} among ${count(read)} of ${plural(all.length, 'registry', 'registries')} read.`,
    ),
    places.length
      ? h(
          'ul',
          {class: 'affected-list'},
          places.map((each) =>
            h(
              'li',
              h('a', {class: 'place wrap', href: imageLink(each, each.repository, each.digest)}, [
                h('strong', `${each.repository}${each.tags.length ? `:${each.tags.join(', ')}` : ''}`),
                ` ${each.accountName || each.account} · ${each.region}`,
              ]),
            ),
          ),
        )
      : null,
  ]);
}

/**
 * What is in the pane, as far as it has been read.
 *
 * @param {Dashboard} dashboard
 * @param {ReturnType<typeof useImage>} state
 */
function content(dashboard, {findings, failure, entry, image, registry, elsewhere, retry}) {
  const {registries} = dashboard.report;
  const place = registry.value;
  if (!place) return h('p', 'The report does not hold this registry.');
  if (entry.value?.phase === 'error') return errorState({message: entry.value.error}, () => registries.catchUp(true));
  const found = image.value;
  if (!found) {
    if (entry.value?.phase === 'ready') return h('p', 'The report does not hold this image any more.');
    return loadingState('the registry', entry.value?.bytes ? size(entry.value.bytes) : '');
  }
  const known = findings.value ? findingsList(dashboard, findings.value, found) : loadingState('findings');
  const list = failure.value ? errorState({message: failure.value}, retry) : known;
  return [gapNotice(found), facts(found), elsewhereList(elsewhere.value, dashboard), list];
}

const unknown = 'The address does not name an image: account/region/repository@digest.';

/** One image: where it is, what it holds, and whether that is known at all. */
export const ImageDetail = {
  props: {name: String},
  setup(/** @type {{name: string}} */ props) {
    const dashboard = /** @type {Dashboard} */ (inject('dashboard'));
    const close = () => dashboard.router.go({image: '', order: ''});
    const name = parseImageName(props.name);
    if (!name) return () => detailPane('Unknown image', close, h('p', unknown));
    const state = useImage(dashboard, name);
    return () => {
      const tag = state.image.value?.tags[0];
      const title = [name.repository, tag ? h('span', {class: 'muted'}, `:${tag}`) : null];
      return detailPane(title, close, content(dashboard, state));
    };
  },
};
