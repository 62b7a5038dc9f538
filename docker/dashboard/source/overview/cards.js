import {h} from '../vendor/vue.js';
import {button, card, countCells, loadingState, severityBadge, timeAgo} from '../ui/bits.js';
import {count, percent, plural, size} from '../ui/format.js';
import {href} from '../shell/router.js';
import {describe, isBlocked} from '../model/coverage.js';

/** @typedef {import('../model/types.js').Index} Index */
/** @typedef {import('../model/types.js').NewestCritical} NewestCritical */
/** @typedef {import('../data/report.js').Report} Report */

/**
 * How complete the picture is, and the largest holes in it.
 *
 * @param {Index} index
 */
export function coverageCard(index) {
  const states = Object.entries(index.coverage).filter(([, images]) => images > 0);
  const blocked = index.gaps.filter(isBlocked).length;
  return card(
    'Can the picture be trusted?',
    [
      meter(states, index.images),
      h(
        'ul',
        {class: 'legend'},
        states.map(([state, images]) =>
          h('li', [
            h('a', {href: href(state === 'scanned' ? 'images' : 'coverage', state === 'scanned' ? {} : {state})}, [
              h('span', {class: ['swatch', `is-${describe(state).kind}`]}),
              describe(state).label,
            ]),
            h('span', {class: 'numeric'}, `${count(images)} · ${percent(images, index.images)}`),
          ]),
        ),
      ),
      h(
        'p',
        {class: 'card-foot'},
        blocked
          ? h(
              'a',
              {href: href('coverage', {level: 'place'})},
              `${plural(blocked, 'place')} could not be looked into at all`,
            )
          : 'Every account, region and repository could be looked into.',
      ),
    ],
    {class: 'is-coverage'},
  );
}

/**
 * @param {[string, number][]} states
 * @param {number} total
 */
function meter(states, total) {
  let from = 0;
  const bars = states.map(([state, images]) => {
    const share = total ? (images / total) * 100 : 0;
    const bar = h('rect', {x: `${from}%`, width: `${share}%`, height: 14, class: `is-${describe(state).kind}`}, [
      h('title', `${describe(state).label}: ${count(images)}`),
    ]);
    from += share;
    return bar;
  });
  return h(
    'svg',
    {
      class: 'meter',
      height: 14,
      width: '100%',
      role: 'img',
      'aria-label': `${states.map(([state, images]) => `${describe(state).label} ${count(images)}`).join(', ')}`,
    },
    bars,
  );
}

/**
 * What the index itself tells of the newest.
 *
 * @param {NewestCritical[]} newest
 * @param {number} findings critical ones, in all
 * @param {number} now
 */
export const newestCard = (newest, findings, now) =>
  card(
    newest.length && newest.every(({firstSeen}) => firstSeen === null) ? titles.widest : titles.newest,
    newest.length ? entryList(newest, `All critical ones, in ${plural(findings, 'finding')}`, now) : none(),
    {class: 'is-newest'},
  );

/**
 * The same of an older report, whose index does not tell.
 *
 * @param {Report['vulnerabilities']} resource
 * @param {() => void} retry
 * @param {number} now
 */
export function widestCard(resource, retry, now) {
  const {phase, model, bytes, error} = resource.state.value;
  const critical = (model?.list ?? []).filter((entry) => entry.level === 0);
  const isDated = !model || critical.some((entry) => entry.firstSeen !== null);
  critical.sort((a, b) => (b.firstSeen ?? 0) - (a.firstSeen ?? 0) || b.images - a.images);
  const shown = critical.slice(0, 8);
  return card(
    isDated ? titles.newest : titles.widest,
    model
      ? critical.length
        ? entryList(shown, `All ${count(critical.length)} critical`, now)
        : none()
      : phase === 'error'
        ? [h('p', {role: 'alert'}, error?.message), button('Try again', retry)]
        : loadingState('vulnerabilities', bytes ? size(bytes) : ''),
    {class: 'is-newest'},
  );
}

const titles = {newest: 'Newest critical vulnerabilities', widest: 'Most widespread critical vulnerabilities'};
const none = () => h('p', {class: 'muted'}, 'There is none.');

/**
 * @param {NewestCritical[]} shown
 * @param {string} all
 * @param {number} now
 */
const entryList = (shown, all, now) => [
  h(
    'ol',
    {class: 'entries'},
    shown.map((entry) =>
      h('li', [
        h('a', {href: href('vulnerabilities', {severity: 'critical', sort: 'newest', id: entry.id})}, [
          severityBadge(0),
          h('strong', entry.id),
        ]),
        h('span', {class: 'entry-text'}, entry.packages.join(', ') || entry.title),
        h('span', {class: 'entry-facts'}, [
          plural(entry.images, 'image'),
          entry.firstSeen === null ? null : [' · ', timeAgo(entry.firstSeen, now)],
        ]),
      ]),
    ),
  ),
  h('p', {class: 'card-foot'}, h('a', {href: href('vulnerabilities', {severity: 'critical', sort: 'newest'})}, all)),
];

/** @param {Index} index */
export function repositoriesCard(index) {
  const shown = index.repositories.filter((repository) => repository.counts[0] + repository.counts[1] > 0).slice(0, 8);
  return card(
    'Worst repositories',
    shown.length
      ? [
          h(
            'ol',
            {class: 'entries'},
            shown.map((repository) =>
              h('li', [
                h(
                  'a',
                  {
                    href: href('images', {
                      by: 'image',
                      account: repository.account,
                      region: repository.region,
                      repository: repository.name,
                    }),
                  },
                  h('strong', repository.name),
                ),
                h(
                  'span',
                  {class: 'entry-text'},
                  `${repository.accountName || repository.account} · ${repository.region}`,
                ),
                h('span', {class: 'entry-facts'}, countCells(repository.counts)),
              ]),
            ),
          ),
          h(
            'p',
            {class: 'card-foot'},
            h(
              'a',
              {href: href('images', {by: 'repository'})},
              `All ${plural(index.repositories.length, 'repository', 'repositories')}`,
            ),
          ),
        ]
      : h('p', {class: 'muted'}, 'No repository has critical or high findings.'),
  );
}
