import {computed, h, inject} from '../vendor/vue.js';
import {button, errorState, loadingState, notice} from '../ui/bits.js';
import {downloadCSV} from '../ui/csv.js';
import {chosen, filterEnd, filterForm, placeFields, searchField, selectField, severityField} from '../ui/fields.js';
import {plural, size} from '../ui/format.js';
import {VirtualTable} from '../ui/virtual-table.js';
import {levels} from '../model/severity.js';
import {hasWords, words} from '../model/vulnerabilities.js';
import {href} from '../shell/router.js';
import * as tables from './tables.js';
import {nothingHere} from './nothing.js';
import {useImages} from './scope.js';
import {ImageDetail} from './detail.js';

/** @typedef {import('../model/types.js').Account} Account */
/** @typedef {import('../model/types.js').Repository} Repository */
/** @typedef {import('../shell/context.js').Dashboard} Dashboard */
/** @typedef {ReturnType<typeof useImages>} Images */

/** @type {Record<string, string>} */
const names = {account: 'accounts', repository: 'repositories', image: 'images'};

/**
 * @param {string} level
 * @param {import('../shell/router.js').Router} router
 */
const tableOf = (level, router) =>
  level === 'image'
    ? tables.images(router)
    : level === 'repository'
      ? tables.repositories(router)
      : tables.accounts(router);

/**
 * Accounts, repositories or images: one step further in with each click.
 *
 * @param {Record<string, string>} query
 */
const levelOf = ({by, image, repository, account}) =>
  by === 'account' || by === 'repository' || by === 'image'
    ? by
    : image || repository
      ? 'image'
      : account
        ? 'repository'
        : 'account';

/**
 * Accounts as far as they lie in a region.
 *
 * @param {import('../model/types.js').Index} index
 * @param {string} region
 */
function accountsIn(index, region) {
  if (!region) return index.accounts;
  const here = new Map(index.registries.filter((each) => each.region === region).map((each) => [each.account, each]));
  return index.accounts.flatMap((account) => {
    const registry = here.get(account.account);
    if (!registry) return [];
    const {images, judged, counts, obstacles} = registry;
    return {...account, images, judged, counts, obstacles, regions: 1, obstacle: account.obstacle ?? registry.obstacle};
  });
}

/**
 * Rows that the index alone gives, before and after the choice of severities.
 *
 * @param {Dashboard} dashboard
 * @param {() => string} level
 */
function useIndexRows({report, router}, level) {
  const inPlace = computed(() => {
    const index = report.index.state.value.model;
    const {q = '', account = '', region = ''} = router.route.value.query;
    if (!index || level() === 'image') return [];
    const wanted = words(q);
    /** @type {(Account | Repository)[]} */
    const all =
      level() === 'account'
        ? accountsIn(index, region)
        : index.repositories.filter((row) => !region || row.region === region);
    return all.filter((row) => (!account || row.account === account) && hasWords(row.text, wanted));
  });
  const rows = computed(() => {
    const on = chosen(router, 'severity');
    const places = levels.map((each, at) => (on.has(each.name) ? at : -1)).filter((at) => at >= 0);
    const {sort = ''} = router.route.value.query;
    const order = Object.hasOwn(tables.placeOrders, sort) ? sort : 'severity';
    return inPlace.value
      .filter((row) => !places.length || places.some((at) => row.counts[at] > 0))
      .sort(tables.placeOrders[order]);
  });
  return {inPlace, rows};
}

/**
 * @param {Record<string, string>} query
 * @param {string} level
 */
function trail(query, level) {
  const {account = '', region = '', repository = '', severity = ''} = query;
  const steps = [['All accounts', href('images', {severity})]];
  if (account) steps.push([account, href('images', {by: 'repository', account, severity})]);
  if (region) steps.push([region, href('images', {by: 'repository', account, region, severity})]);
  if (repository) steps.push([repository, href('images', {by: 'image', account, region, repository, severity})]);
  return h('nav', {class: 'trail', 'aria-label': 'Where you are'}, [
    h(
      'ol',
      steps.map(([label, link], at) =>
        h('li', h('a', {href: link, 'aria-current': at === steps.length - 1 ? 'location' : undefined}, label)),
      ),
    ),
    h(
      'div',
      {class: 'segments'},
      [
        ['account', 'Accounts'],
        ['repository', 'Repositories'],
        ['image', 'Images'],
      ].map(([by, label]) =>
        h(
          'a',
          {
            href: href('images', {...query, by, image: '', repository: by === 'image' ? repository : ''}),
            'aria-current': by === level ? 'true' : undefined,
          },
          label,
        ),
      ),
    ),
  ]);
}

/**
 * What of the chosen places has been read.
 *
 * @param {Images} images
 */
function reading({states, registries, readAll, retry}) {
  const {ready, underWay, unread, failed} = states.value;
  const begun = ready + underWay;
  const lost = `${plural(failed.length, 'registry', 'registries')} could not be read, so images are missing here`;
  const all = registries.value.length;
  const rest = begun
    ? `${begun} of ${plural(all, 'registry', 'registries')} read: what follows holds only their images.`
    : `Images lie in ${plural(all, 'file')}, one an account and region. Choose an account, or read all.`;
  return [
    underWay
      ? h('p', {class: 'reading', role: 'status'}, [
          h('progress', {value: ready, max: begun, 'aria-label': 'Registries read'}),
          ` ${ready} of ${plural(begun, 'registry', 'registries')} read`,
        ])
      : null,
    failed.length ? notice('warning', `${lost}: ${failed[0].error}`, button('Try again', retry)) : null,
    unread.length ? notice('info', rest, button('Read all', readAll)) : null,
  ];
}

/**
 * @param {Dashboard} dashboard
 * @param {{level: string, rows: any[], csv: import('../ui/csv.js').CSVColumn[], counts: number[]}} shown
 */
function filterBar({report, router}, {level, rows, csv, counts}) {
  const isImages = level === 'image';
  return filterForm([
    searchField(router, 'Search', isImages ? 'Repository, tag, digest' : 'Name, account, region'),
    severityField(router, counts),
    isImages
      ? selectField(router, 'state', 'State', [
          ['', 'All'],
          ['judged', 'Judged'],
          ['clean', 'Clean'],
          ['not_judged', 'Not judged'],
        ])
      : null,
    isImages
      ? selectField(router, 'fix', 'Fix', [
          ['', 'Any'],
          ['available', 'A fix is there'],
          ['none', 'Some have no fix'],
        ])
      : null,
    placeFields(router, report.index.state.value.model, {repository: '', image: ''}),
    filterEnd(plural(rows.length, level, names[level]), rows, () => downloadCSV(names[level], csv, rows)),
  ]);
}

/**
 * How many of the rows have findings of each severity.
 *
 * @param {any[]} rows
 * @param {boolean} isImages
 */
function withLevels(rows, isImages) {
  const counts = [0, 0, 0, 0, 0];
  for (const row of rows) {
    const own = isImages ? row.image.counts : row.counts;
    for (let at = 0; at < 5; at += 1) if (own[at]) counts[at] += 1;
  }
  return counts;
}

/**
 * @param {Dashboard} dashboard
 * @param {Images} images
 * @param {any[]} rows
 * @param {string} level
 */
function body({report, router}, images, rows, level) {
  const query = router.route.value.query;
  const index = report.index.state.value.model;
  const table = tableOf(level, router);
  const {underWay, unread, failed} = images.states.value;
  // What was not read may hold what is looked for.
  const isPartial = underWay > 0 || unread.length > 0 || failed.length > 0 || images.isGathering.value;
  if (rows.length) {
    return h(VirtualTable, {
      ...table,
      key: level,
      columns: table.columns(report.now.value),
      rows,
      selected: query.image ?? '',
      sort: query.sort ?? 'severity',
      sortLink: (/** @type {string} */ sort) => router.link({sort: sort === 'severity' ? '' : sort}),
      contents: JSON.stringify({...query, image: ''}),
    });
  }
  return !index || (level === 'image' && isPartial) ? null : nothingHere(index, query, level);
}

/** Account, region, repository, image: where the images are and what is wrong with them. */
export const Images = {
  setup() {
    const dashboard = /** @type {Dashboard} */ (inject('dashboard'));
    const {report, router} = dashboard;
    const images = useImages(dashboard);
    const level = computed(() => levelOf(router.route.value.query));
    const places = useIndexRows(dashboard, () => level.value);
    const isImages = computed(() => level.value === 'image');
    const rows = computed(() => /** @type {any[]} */ (isImages.value ? images.rows.value : places.rows.value));
    const counts = computed(() =>
      withLevels(isImages.value ? images.ofAllLevels.value : places.inPlace.value, isImages.value),
    );
    return () => {
      const {phase, model, error, bytes} = report.index.state.value;
      if (phase === 'error') return errorState(error, () => void report.index.refresh());
      if (!model) return loadingState('the report', bytes ? size(bytes) : '');
      const {image} = router.route.value.query;
      const {csv} = tableOf(level.value, router);
      return h('div', {class: ['split', {'has-detail': image}]}, [
        h('h1', {class: 'hidden'}, 'Images'),
        h('div', {class: 'list'}, [
          trail(router.route.value.query, level.value),
          filterBar(dashboard, {level: level.value, rows: rows.value, csv, counts: counts.value}),
          level.value === 'image' ? reading(images) : null,
          body(dashboard, images, rows.value, level.value),
        ]),
        image ? h(ImageDetail, {key: image, name: image}) : null,
      ]);
    };
  },
};
