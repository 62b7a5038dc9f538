import {h} from '../vendor/vue.js';
import {countCells, timeAgo} from '../ui/bits.js';
import {count, percent, shortDigest} from '../ui/format.js';
import {describe} from '../model/coverage.js';
import {levels} from '../model/severity.js';
import {href} from '../shell/router.js';
import {imageName} from './links.js';

/** @typedef {import('../model/types.js').Account} Account */
/** @typedef {import('../model/types.js').Repository} Repository */
/** @typedef {import('./scope.js').ImageRow} ImageRow */
/** @typedef {import('../ui/virtual-table.js').Column} Column */

/** @param {{images: number, judged: number, obstacle: import('../model/types.js').Obstacle | null}} row */
const judgedCell = ({images, judged, obstacle}) =>
  obstacle
    ? h('span', {class: 'pill is-gap', title: obstacle.reason ?? ''}, describe(obstacle.state).label)
    : h('span', {class: judged < images * 0.9 ? 'warn' : ''}, percent(judged, images));

/** @type {(label: string, value: (row: any) => string | number | null) => import('../ui/csv.js').CSVColumn} */
const csv = (label, value) => ({label, value});
/** @param {(row: any) => import('../model/types.js').Counts} counts */
const csvCounts = (counts) => levels.map((level, at) => csv(level.label, (row) => counts(row)[at]));

export const accounts = {
  kind: 'accounts',
  label: 'Accounts',
  rowKey: (/** @type {Account} */ row) => row.account,
  link: (/** @type {Account} */ row) => href('images', {by: 'repository', account: row.account}),
  columns: () =>
    /** @type {Column[]} */ ([
      {
        name: 'name',
        label: 'Account',
        cell: (row) => [
          h('span', {class: 'name'}, row.accountName || row.account),
          row.accountName ? h('span', {class: 'muted sub'}, row.account) : null,
        ],
      },
      {name: 'counts', label: 'Findings', cell: (row) => countCells(row.counts)},
      {name: 'judged', label: 'Judged', cell: judgedCell},
      {name: 'images', label: 'Images', numeric: true, cell: (row) => count(row.images)},
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
    csv('Obstacle', (row) => row.obstacle?.reason ?? ''),
  ],
};

export const repositories = {
  kind: 'repositories',
  label: 'Repositories',
  rowKey: (/** @type {Repository} */ row) => `${row.file}/${row.name}`,
  link: (/** @type {Repository} */ row) =>
    href('images', {by: 'image', account: row.account, region: row.region, repository: row.name}),
  columns: () =>
    /** @type {Column[]} */ ([
      {name: 'name', label: 'Repository', cell: (row) => h('span', {class: 'name'}, row.name)},
      {name: 'place', label: 'Account and region', cell: (row) => `${row.accountName || row.account} · ${row.region}`},
      {name: 'counts', label: 'Findings', cell: (row) => countCells(row.counts)},
      {name: 'judged', label: 'Judged', cell: judgedCell},
      {name: 'images', label: 'Images', numeric: true, cell: (row) => count(row.images)},
    ]),
  csv: [
    csv('Account', (row) => row.account),
    csv('Account name', (row) => row.accountName),
    csv('Region', (row) => row.region),
    csv('Repository', (row) => row.name),
    csv('Images', (row) => row.images),
    csv('Judged', (row) => row.judged),
    ...csvCounts((row) => row.counts),
    csv('Obstacle', (row) => row.obstacle?.reason ?? ''),
  ],
};

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
