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

/** @param {EventTarget | null} target */
const isTyping = (target) =>
  target instanceof HTMLElement &&
  (target.matches('input:not([type=search]), textarea, select') || target.isContentEditable);

/**
 * Keys that work everywhere.
 *
 * @param {{views: readonly string[], refresh: () => void, help: () => void}} actions
 */
export function listenToKeys({views, refresh, help}) {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const search = /** @type {HTMLInputElement | null} */ (document.querySelector('[data-search]'));
    if (event.target === search && event.key !== 'Escape' && event.key !== 'ArrowDown') return;
    if (event.key === 'Escape') {
      if (event.target === search && search?.value) return;
      /** @type {HTMLElement | null} */ (document.querySelector('[data-close]'))?.click();
    } else if (event.key === 'ArrowDown' && (event.target === search || event.target === document.body)) {
      event.preventDefault();
      /** @type {HTMLElement | null} */ (document.querySelector('[data-row] a'))?.focus();
    } else if (event.key === '/') {
      event.preventDefault();
      search?.focus();
      search?.select();
    } else if (/^[1-5]$/.test(event.key)) location.hash = `#/${views[Number(event.key) - 1]}`;
    else if (event.key === 'r') refresh();
    else if (event.key === '?') help();
  });
}
