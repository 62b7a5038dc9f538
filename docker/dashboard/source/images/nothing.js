import {h} from '../vendor/vue.js';
import {emptyState, nothingMatches} from '../ui/bits.js';
import {actionFor, describe} from '../model/coverage.js';
import {href} from '../shell/router.js';
import {imageFilters} from './scope.js';

/**
 * What stands in the way of the place that the address names, nearest first.
 *
 * @param {import('../model/types.js').Index} index
 * @param {Record<string, string>} query
 */
function obstacleOf(index, {account = '', region = '', repository = ''}) {
  const isHere = (/** @type {{account: string, region: string}} */ each) =>
    each.account === account && each.region === region;
  return (
    index.repositories.find((each) => isHere(each) && each.name === repository)?.obstacle ??
    index.registries.find(isHere)?.obstacle ??
    index.accounts.find((each) => each.account === account)?.obstacle ??
    null
  );
}

/**
 * Why there is nothing to list.
 *
 * @param {import('../model/types.js').Index} index
 * @param {Record<string, string>} query
 * @param {string} level
 */
export function nothingHere(index, query, level) {
  const obstacle = obstacleOf(index, query);
  const coverage = (/** @type {Record<string, string>} */ place) =>
    h('a', {href: href('coverage', place), class: 'button'}, 'Coverage');
  if (obstacle) {
    const {state, reason} = obstacle;
    const {account, region} = query;
    return emptyState(
      describe(state).label,
      [reason, h('span', {class: 'mend'}, actionFor(state, reason ?? ''))],
      coverage({account, region}),
    );
  }
  return imageFilters.some((name) => query[name])
    ? nothingMatches(href('images', {by: level}))
    : emptyState('No images', 'The report holds none.', coverage({}));
}
