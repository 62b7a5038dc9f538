/** @typedef {import('./router.js').Router} Router */

export const shortcuts = [
  ['/', 'search'],
  ['↑ ↓ or j k', 'from row to row'],
  ['Enter', 'open the row'],
  ['Esc', 'close what is open'],
  ['1 – 5', 'the five views'],
  ['r', 'ask for a newer report'],
  ['?', 'this list'],
];

const storageKey = 'scanfleet-keys';

/** Whether single keys do something; who dictates or presses keys by mistake switches them off. */
export const keysAreOn = () => {
  try {
    return localStorage.getItem(storageKey) !== 'off';
  } catch {
    return true; // Storage may be forbidden; then the keys work.
  }
};

/** @param {boolean} isOn */
export function switchKeys(isOn) {
  try {
    localStorage.setItem(storageKey, isOn ? 'on' : 'off');
  } catch {
    // It cannot be remembered, and a switch that forgets would be worse than none.
  }
}

/** @param {string} what */
const element = (what) => /** @type {HTMLInputElement | null} */ (document.querySelector(what));

/** @param {EventTarget | null} target */
const isField = (target) =>
  target instanceof HTMLElement && target.matches('input:not([type=search], [type=checkbox]), textarea, select');

/**
 * What a key does outside of fields.
 *
 * @param {string} key
 * @param {{views: readonly string[], refresh: () => void, help: () => void}} actions
 * @returns {(() => void) | undefined}
 */
function actionOf(key, {views, refresh, help}) {
  if (/^[1-5]$/.test(key)) return () => location.assign(`#/${views[Number(key) - 1]}`);
  return new Map([
    ['/', () => element('[data-search]')?.select()],
    ['r', refresh],
    ['?', help],
  ]).get(key);
}

/**
 * Keys that mean the same in every view; Esc in a search that is not empty clears that first.
 *
 * @param {KeyboardEvent} event
 * @param {HTMLInputElement | null} search
 */
function moveFocus(event, search) {
  const isSearching = event.target === search;
  if (event.key === 'Escape' && !(isSearching && search?.value)) element('[data-close]')?.click();
  if (event.key !== 'ArrowDown' || (!isSearching && event.target !== document.body)) return;
  event.preventDefault();
  element('[data-row] a')?.focus();
}

/**
 * Keys that work everywhere.
 *
 * @param {{views: readonly string[], refresh: () => void, help: () => void}} actions
 */
export function listenToKeys(actions) {
  addEventListener('keydown', (event) => {
    if (element('dialog[open]')) return; // It has the keys, Esc among them.
    if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
    const search = element('[data-search]');
    moveFocus(event, search);
    if (event.target === search || !keysAreOn()) return;
    const action = actionOf(event.key, actions);
    if (!action) return;
    event.preventDefault();
    action();
  });
}
