import {h} from '../vendor/vue.js';
import {button} from './bits.js';

/** @typedef {import('../vendor/vue.js').Child} Child */

/**
 * What was opened, beside its list or, on a narrow screen, in its place.
 *
 * @param {Child} title
 * @param {() => void} close
 * @param {Child} body
 */
export const detailPane = (title, close, body) =>
  h('aside', {class: 'detail', 'aria-label': 'Details', 'data-detail': ''}, [
    h('header', [
      h('h2', {class: 'wrap', tabindex: -1}, title),
      button('Close', close, {class: 'close', 'data-close': '', title: 'Esc'}),
    ]),
    h('div', {class: 'detail-body'}, body),
  ]);
