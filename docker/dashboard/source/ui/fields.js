import {h} from '../vendor/vue.js';
import {levels} from '../model/severity.js';
import {button} from './bits.js';
import {count} from './format.js';

/** @typedef {import('../shell/router.js').Router} Router */

/**
 * @param {Router} router
 * @param {string} label
 * @param {string} hint
 */
export function searchField(router, label, hint) {
  return h('label', {class: 'field is-search'}, [
    h('span', label),
    h('input', {
      type: 'search',
      value: router.route.value.query.q ?? '',
      placeholder: hint,
      'data-search': '',
      autocomplete: 'off',
      spellcheck: false,
      onInput: (/** @type {any} */ event) => router.narrow({q: event.target.value}),
    }),
  ]);
}

/**
 * @param {Router} router
 * @param {string} name
 * @param {string} label
 * @param {[string, string][]} options
 * @param {Record<string, string>} also what else changes with it
 */
export function selectField(router, name, label, options, also = {}) {
  const value = router.route.value.query[name] ?? '';
  const known = options.some(([option]) => option === value)
    ? options
    : [...options, /** @type {[string, string]} */ ([value, value])];
  return h('label', {class: 'field'}, [
    h('span', label),
    h(
      'select',
      {
        value,
        onChange: (/** @type {any} */ event) => router.go({[name]: event.target.value, ...also}),
      },
      known.map(([option, text]) => h('option', {value: option, selected: option === value}, text)),
    ),
  ]);
}

/**
 * @param {Router} router
 * @param {string} name
 * @returns {Set<string>}
 */
export const chosen = (router, name) => new Set((router.route.value.query[name] ?? '').split(',').filter(Boolean));

/**
 * Severities to show, with how many there are of each; none chosen means all.
 *
 * @param {Router} router
 * @param {number[]} counts
 */
export function severityField(router, counts) {
  const on = chosen(router, 'severity');
  function toggle(/** @type {string} */ name) {
    const next = new Set(on);
    if (!next.delete(name)) next.add(name);
    router.go({
      severity:
        next.size === levels.length
          ? ''
          : levels
              .map((level) => level.name)
              .filter((each) => next.has(each))
              .join(','),
    });
  }
  return h('fieldset', {class: 'field chips'}, [
    h('legend', 'Severity'),
    h(
      'div',
      levels.map((level, at) =>
        h(
          'button',
          {
            type: 'button',
            class: ['chip', `is-${level.name}`],
            'aria-pressed': String(on.has(level.name)),
            onClick: () => toggle(level.name),
          },
          [level.label, h('span', {class: 'chip-count'}, count(counts[at]))],
        ),
      ),
    ),
  ]);
}

/**
 * Accounts and regions of the index, for the filters of every view.
 *
 * @param {import('../model/types.js').Index | null} index
 * @param {string} account
 */
export function placeOptions(index, account) {
  const accounts = (index?.accounts ?? []).map(
    ({account: id, accountName: name}) => /** @type {[string, string]} */ ([id, name ? `${name} · ${id}` : id]),
  );
  accounts.sort((a, b) => a[1].localeCompare(b[1]));
  const names = new Set(
    (index?.registries ?? [])
      .filter((registry) => !account || registry.account === account)
      .map((registry) => registry.region),
  );
  const regions = [...names].sort().map((region) => /** @type {[string, string]} */ ([region, region]));
  return {
    accounts: /** @type {[string, string][]} */ ([['', 'All accounts'], ...accounts]),
    regions: /** @type {[string, string][]} */ ([['', 'All regions'], ...regions]),
  };
}

/**
 * @param {Router} router
 * @param {import('../model/types.js').Index | null} index
 * @param {Record<string, string>} also
 */
export function placeFields(router, index, also = {}) {
  const {accounts, regions} = placeOptions(index, router.route.value.query.account ?? '');
  return [
    selectField(router, 'account', 'Account', accounts, {region: '', ...also}),
    selectField(router, 'region', 'Region', regions, also),
  ];
}

/** @param {import('../vendor/vue.js').Child} children */
export const filterForm = (children) =>
  h(
    'form',
    {class: 'filters', role: 'search', onSubmit: (/** @type {Event} */ event) => event.preventDefault()},
    children,
  );

/**
 * How much is shown, and the way to take it along.
 *
 * @param {string} amount
 * @param {any[]} rows
 * @param {() => void} download
 */
export const filterEnd = (amount, rows, download) =>
  h('div', {class: 'filter-end'}, [
    h('span', {role: 'status'}, amount),
    button('CSV', download, {disabled: !rows.length, 'aria-label': 'Download what is shown as CSV'}),
  ]);
