import {h, ref} from '../vendor/vue.js';
import {levels} from '../model/severity.js';
import {ago, count, moment, shortDigest} from './format.js';

/** @typedef {import('../vendor/vue.js').Child} Child */

/**
 * The word says it; the colour only helps.
 *
 * @param {number} level
 * @param {string} word as AWS spelt it
 */
export const severityBadge = (level, word = '') =>
  h(
    'span',
    {class: ['badge', `is-${levels[level].name}`]},
    level === 4 && word ? capitalized(word) : levels[level].label,
  );

/** @param {string} word */
const capitalized = (word) => word.charAt(0) + word.slice(1).toLowerCase();

/**
 * Findings by severity as numbers, each with its word for who cannot see the colour.
 *
 * @param {import('../model/types.js').Counts} counts
 */
export function countCells(counts) {
  const shown = levels.map((level, at) =>
    counts[at] || at < 4
      ? h(
          'span',
          {
            class: ['tally', `is-${level.name}`, {'is-zero': !counts[at]}],
            title: `${level.label}: ${count(counts[at])}`,
          },
          [h('span', {class: 'hidden'}, `${level.label} `), count(counts[at])],
        )
      : null,
  );
  return h('span', {class: 'tallies'}, shown);
}

/**
 * @param {number | null} time
 * @param {number} now
 */
export const timeAgo = (time, now) =>
  time === null
    ? h('span', {class: 'muted'}, '–')
    : h('time', {datetime: new Date(time).toISOString(), title: moment(time)}, ago(time, now));

/** @param {number | null} time */
export const exactTime = (time) =>
  time === null
    ? h('span', {class: 'muted'}, 'not known')
    : h('time', {datetime: new Date(time).toISOString()}, moment(time));

/**
 * Only addresses that a browser opens as a page become links; anything else stays text.
 *
 * @param {string} address
 */
export function externalLink(address) {
  if (!/^https?:\/\//i.test(address)) return h('span', {class: 'wrap'}, address);
  return h('a', {href: address, rel: 'noreferrer noopener', target: '_blank', class: 'wrap'}, [
    address,
    h('span', {class: 'hidden'}, ' (opens a new tab)'),
  ]);
}

/** Copies a text and says so, to screen readers too. */
export const CopyButton = {
  props: {text: String, label: String},
  setup(/** @type {{text: string, label: string}} */ props) {
    const said = ref('');
    async function copy(/** @type {Event} */ event) {
      event.stopPropagation();
      try {
        await navigator.clipboard.writeText(props.text);
        said.value = 'Copied';
      } catch {
        said.value = 'Not copied';
      }
      setTimeout(() => {
        said.value = '';
      }, 1500);
    }
    return () =>
      h('button', {type: 'button', class: 'copy', onClick: copy, 'aria-label': props.label}, [
        h('span', {'aria-live': 'polite'}, said.value || 'Copy'),
      ]);
  },
};

/** @param {string} digest */
export const digestWithCopy = (digest) =>
  h('span', {class: 'digest'}, [
    h('code', {title: digest}, shortDigest(digest)),
    h(CopyButton, {text: digest, label: `Copy digest ${shortDigest(digest)}`}),
  ]);

/**
 * @param {'info' | 'warning' | 'error'} kind
 * @param {Child} text
 * @param {Child} action
 */
export const notice = (kind, text, action = null) =>
  h('div', {class: ['notice', `is-${kind}`], role: kind === 'error' ? 'alert' : 'status'}, [h('p', text), action]);

/**
 * @param {string} title
 * @param {Child} text
 * @param {Child} action
 */
export const emptyState = (title, text, action = null) =>
  h('div', {class: 'state'}, [h('h2', title), h('p', text), action]);

/**
 * @param {string} what
 * @param {string} detail
 */
export const loadingState = (what, detail = '') =>
  h('div', {class: 'state', role: 'status'}, [
    h('progress', {'aria-label': `Loading ${what}`}),
    h('p', `Loading ${what}…${detail ? ` ${detail}` : ''}`),
  ]);

/**
 * @param {{message: string} | null} error
 * @param {() => void} retry
 */
export const errorState = (error, retry) =>
  h('div', {class: 'state is-error', role: 'alert'}, [
    h('h2', 'This cannot be shown now'),
    h('p', error?.message ?? ''),
    button('Try again', retry),
  ]);

/**
 * @param {Child} label
 * @param {() => void} onClick
 * @param {Record<string, unknown>} more
 */
export const button = (label, onClick, more = {}) => h('button', {type: 'button', onClick, ...more}, label);

/**
 * @param {string} title
 * @param {Child} body
 * @param {Record<string, unknown>} more
 */
export const card = (title, body, more = {}) => {
  const id = `card-${title.toLowerCase().replace(/\W+/g, '-')}`;
  return h('section', {'aria-labelledby': id, ...more, class: ['card', more.class]}, [h('h2', {id}, title), body]);
};

/** @param {string} link to the view without filters */
export const nothingMatches = (link) =>
  emptyState(
    'Nothing matches',
    'Nothing here passes these filters.',
    h('a', {href: link, class: 'button'}, 'Clear the filters'),
  );
