import {h} from '../vendor/vue.js';
import {countCells, timeAgo} from '../ui/bits.js';
import {count, percent, shortDigest} from '../ui/format.js';
import {describe} from '../model/coverage.js';
import {compareCounts, levels} from '../model/severity.js';
import {href} from '../shell/router.js';
import {imageName} from './links.js';

/** @typedef {import('../model/types.js').Account} Account */
/** @typedef {import('../model/types.js').Repository} Repository */
/** @typedef {import('./scope.js').ImageRow} ImageRow */
/** @typedef {import('../ui/virtual-table.js').Column} Column */

/** @typedef {import('../model/types.js').Obstacle} Obstacle */

/** @param {{images: number, judged: number, obstacle: Obstacle | null, obstacles?: Obstacle[]}} row */
function judgedCell({images, judged, obstacle, obstacles = []}) {
  if (obstacle) return h('span', {class: 'pill is-gap', title: obstacle.reason ?? ''}, describe(obstacle.state).label);
  const unseen = obstacles.map(({state, reason}) => `${describe(state).label}: ${reason ?? ''}`).join('\n');
  return [
    h('span', {class: judged < images * 0.9 ? 'warn' : ''}, percent(judged, images)),
    unseen ? h('span', {class: 'pill is-gap beside', title: unseen}, `${count(obstacles.length)} unseen`) : null,
  ];
}

/** Everything that stands in the way of a row, for the CSV. */
const csvObstacle = {
  label: 'Obstacle',
  value: (/** @type {{obstacle: Obstacle | null, obstacles?: Obstacle[]}} */ {obstacle, obstacles = []}) =>
    [...(obstacle ? [obstacle] : []), ...obstacles].map(({state, reason}) => `${state}: ${reason ?? ''}`).join('; '),
};

/** @typedef {{counts: import('../model/types.js').Counts, images: number, judged: number, text: string}} PlaceRow */

/** @param {PlaceRow} row */
const share = ({judged, images}) => (images ? judged / images : -1);

/** @type {Record<string, (a: PlaceRow, b: PlaceRow) => number>} */
export const placeOrders = {
  severity: (a, b) => compareCounts(a.counts, b.counts) || (a.text < b.text ? -1 : 1),
  name: (a, b) => (a.text < b.text ? -1 : 1),
  judged: (a, b) => share(a) - share(b),
  images: (a, b) => b.images - a.images,
};

/** @type {(label: string, value: (row: any) => string | number | null) => import('../ui/csv.js').CSVColumn} */
const csv = (label, value) => ({label, value});
/** @param {(row: any) => import('../model/types.js').Counts} counts */
const csvCounts = (counts) => levels.map((level, at) => csv(level.label, (row) => counts(row)[at]));

/** @type {Column[]} */
const numbers = [
  {name: 'counts', label: 'Findings', sort: 'severity', cell: (row) => countCells(row.counts)},
  {name: 'judged', label: 'Judged', sort: 'judged', ascending: true, cell: judgedCell},
  {name: 'images', label: 'Images', sort: 'images', numeric: true, cell: (row) => count(row.images)},
];

/**
 * What a step further in takes along.
 *
 * @param {import('../shell/router.js').Router} router
 */
function kept({route}) {
  const {region, severity, q, sort} = route.value.query;
  return {region, severity, q, sort: sort === 'name' ? sort : ''};
}

/** @param {import('../shell/router.js').Router} router */
export const accounts = (router) => ({
  kind: 'accounts',
  label: 'Accounts',
  rowKey: (/** @type {Account} */ row) => row.account,
  link: (/** @type {Account} */ row) => href('images', {...kept(router), by: 'repository', account: row.account}),
  columns: () =>
    /** @type {Column[]} */ ([
      {
        name: 'name',
        label: 'Account',
        sort: 'name',
        ascending: true,
        cell: (row) => [
          h('span', {class: 'name'}, row.accountName || row.account),
          row.accountName ? h('span', {class: 'muted sub'}, row.account) : null,
        ],
      },
      ...numbers,
      {name: 'regions', label: 'Regions', numeric: true, cell: (row) => count(row.regions)},
    ]),
  csv: [
    csv('Account', (row) => row.account),
    csv('Account name', (row) => row.accountName),
    csv('State', (row) => row.state),
    csv('Regions', (row) => row.regions),
    csv('Images', (row) => row.images),
    csv('Judged', (row) => row.judged),
    ...csvCounts((row) => row.counts),
    csvObstacle,
  ],
});

/** @param {import('../shell/router.js').Router} router */
export const repositories = (router) => ({
  kind: 'repositories',
  label: 'Repositories',
  rowKey: (/** @type {Repository} */ row) => `${row.file}/${row.name}`,
  link: (/** @type {Repository} */ row) =>
    href('images', {
      ...kept(router),
      by: 'image',
      account: row.account,
      region: row.region,
      repository: row.name,
    }),
  columns: () =>
    /** @type {Column[]} */ ([
      {
        name: 'name',
        label: 'Repository',
        sort: 'name',
        ascending: true,
        cell: (row) => h('span', {class: 'name'}, row.name),
      },
      {name: 'place', label: 'Account and region', cell: (row) => `${row.accountName || row.account} · ${row.region}`},
      ...numbers,
    ]),
  csv: [
    csv('Account', (row) => row.account),
    csv('Account name', (row) => row.accountName),
    csv('Region', (row) => row.region),
    csv('Repository', (row) => row.name),
    csv('Images', (row) => row.images),
    csv('Judged', (row) => row.judged),
    ...csvCounts((row) => row.counts),
    csvObstacle,
  ],
});

/** @param {ImageRow} row */
const stateCell = ({image}) =>
  image.state === 'scanned'
    ? countCells(image.counts)
    : h(
        'span',
        {class: ['pill', `is-${describe(image.state).kind}`], title: image.reason},
        describe(image.state).label,
      );

/** @param {import('../shell/router.js').Router} router */
export const images = (router) => ({
  kind: 'images',
  label: 'Images',
  rowKey: (/** @type {ImageRow} */ {image}) => imageName(image, image.repository, image.digest),
  link: (/** @type {ImageRow} */ {image}) => router.link({image: imageName(image, image.repository, image.digest)}),
  columns: (/** @type {number} */ now) =>
    /** @type {Column[]} */ ([
      {
        name: 'name',
        label: 'Image',
        sort: 'name',
        ascending: true,
        cell: ({image}) => [
          h('span', {class: 'name'}, image.repository),
          h('span', {class: 'muted sub'}, image.tags.length ? `:${image.tags.join(', ')}` : ' untagged'),
        ],
      },
      {name: 'digest', label: 'Digest', cell: ({image}) => h('code', {title: image.digest}, shortDigest(image.digest))},
      {
        name: 'place',
        label: 'Account and region',
        cell: ({image, places}) => [
          `${image.accountName || image.account} · ${image.region}`,
          places.length > 1 ? h('span', {class: 'pill'}, `+${places.length - 1} more`) : null,
        ],
      },
      {name: 'counts', label: 'Findings', sort: 'severity', cell: stateCell},
      {name: 'pushed', label: 'Pushed', sort: 'pushed', cell: ({image}) => timeAgo(image.pushed, now)},
    ]),
  csv: [
    csv('Account', (row) => row.image.account),
    csv('Account name', (row) => row.image.accountName),
    csv('Region', (row) => row.image.region),
    csv('Repository', (row) => row.image.repository),
    csv('Tags', (row) => row.image.tags.join(' ')),
    csv('Digest', (row) => row.image.digest),
    csv('Places', (row) => row.places.length),
    csv('Coverage', (row) => row.image.state),
    csv('Reason', (row) => row.image.reason),
    ...csvCounts((row) => row.image.counts),
    csv('With a fix', (row) => row.image.fixable),
    csv('Pushed', (row) => (row.image.pushed === null ? '' : new Date(row.image.pushed).toISOString())),
  ],
});
