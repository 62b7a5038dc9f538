import {computed, h, nextTick, onBeforeUnmount, onMounted, ref, watch} from '../vendor/vue.js';
import {count} from './format.js';

/** @typedef {import('../vendor/vue.js').Child} Child */
/**
 * @typedef {{name: string, label: string, cell: (row: any) => Child, sort?: string, ascending?: boolean,
 *   numeric?: boolean}} Column */
/**
 * @typedef {{label: string, kind: string, columns: Column[], rows: any[], rowKey: (row: any) => string,
 *   link: (row: any) => string, selected: string, sort: string, sortLink: (sort: string) => string,
 *   contents: string}} TableProps `contents` changes where the list becomes another one: a new search, filter or order
 */

const overscan = 8;
const printedRows = 2000;

/**
 * Rows of one height as the style sheet has it (`--row`), so that only those in sight exist.
 *
 * @param {TableProps} props
 */
function useWindow(props) {
  const scroller = ref(/** @type {any} */ (null));
  const top = ref(0);
  const height = ref(600);
  const rowHeight = ref(44);
  const printing = ref(false);

  function measure() {
    if (!scroller.value) return;
    height.value = scroller.value.clientHeight || 600;
    rowHeight.value = parseFloat(getComputedStyle(scroller.value).getPropertyValue('--row')) || 44;
  }
  const print = () => {
    printing.value = true;
  };
  const printed = () => {
    printing.value = false;
  };
  const observer = new ResizeObserver(measure);
  onMounted(() => {
    measure();
    observer.observe(scroller.value);
    addEventListener('beforeprint', print);
    addEventListener('afterprint', printed);
  });
  onBeforeUnmount(() => {
    observer.disconnect();
    removeEventListener('beforeprint', print);
    removeEventListener('afterprint', printed);
  });
  // Another list begins at its top; the same list with other values stays where it is. The event of scrolling comes later.
  const toTop = () => {
    top.value = 0;
    if (scroller.value) scroller.value.scrollTop = 0;
  };
  watch(() => props.contents, toTop);
  watch(
    () => props.rows.length,
    () => {
      if (top.value > props.rows.length * rowHeight.value) toTop();
    },
  );
  const range = computed(() => {
    if (printing.value) return [0, Math.min(props.rows.length, printedRows)];
    const first = Math.max(0, Math.floor(top.value / rowHeight.value) - overscan);
    return [first, Math.min(props.rows.length, first + Math.ceil(height.value / rowHeight.value) + 2 * overscan)];
  });
  return {scroller, top, height, rowHeight, printing, range};
}

/**
 * Arrow keys, Home and End go from row to row, into sight where needed.
 *
 * @param {TableProps} props
 * @param {ReturnType<typeof useWindow>} view
 */
function useKeys(props, {scroller, top, height, rowHeight}) {
  async function focus(/** @type {number} */ at) {
    // A list that was hidden beside its detail may have lost its place without a word.
    top.value = scroller.value.scrollTop;
    const begin = at * rowHeight.value;
    if (begin < top.value) scroller.value.scrollTop = begin;
    else if (begin + rowHeight.value > top.value + height.value)
      scroller.value.scrollTop = begin + rowHeight.value - height.value;
    top.value = scroller.value.scrollTop;
    await nextTick();
    scroller.value.querySelector(`[data-row="${at}"] a`)?.focus({preventScroll: true});
  }
  // What was opened has been closed: the eye was on its row. A filter that closes it keeps the focus.
  watch(
    () => props.selected,
    async (now, before) => {
      const {activeElement: held} = document;
      if (now || !before || (held && held !== document.body && !held.closest('[data-detail]'))) return;
      const at = props.rows.findIndex((row) => props.rowKey(row) === before);
      await nextTick();
      await focus(Math.max(0, at));
    },
  );
  return (/** @type {KeyboardEvent} */ event) => {
    const row = /** @type {HTMLElement} */ (event.target).closest('[data-row]');
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = Number(row.getAttribute('data-row'));
    const last = props.rows.length - 1;
    const page = Math.max(1, Math.floor(height.value / rowHeight.value) - 1);
    /** @type {Record<string, number>} */
    const moves = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      j: at + 1,
      k: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: last,
    };
    if (!Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    void focus(Math.min(last, Math.max(0, moves[event.key])));
  };
}

/** @param {Column} column */
const direction = (column) => (column.ascending ? 'ascending' : 'descending');

/**
 * The way to sort where there is no room for a head.
 *
 * @param {TableProps} props
 */
function sortChoice(props) {
  const columns = props.columns.filter((column) => column.sort);
  if (!columns.length) return null;
  return h('label', {class: 'field sort-choice'}, [
    h('span', 'Sorted by'),
    h(
      'select',
      {onChange: (/** @type {any} */ event) => location.assign(props.sortLink(event.target.value))},
      columns.map(({sort, label}) => h('option', {value: sort, selected: props.sort === sort}, label)),
    ),
  ]);
}

/** @param {TableProps} props */
function head(props) {
  return h(
    'div',
    {class: 'thead', role: 'row', 'aria-rowindex': 1},
    props.columns.map((column) =>
      h(
        'div',
        {
          class: ['cell', `c-${column.name}`, {numeric: column.numeric}],
          role: 'columnheader',
          'aria-sort': column.sort ? (props.sort === column.sort ? direction(column) : 'none') : undefined,
        },
        column.sort ? h('a', {href: props.sortLink(column.sort), class: 'sort'}, column.label) : column.label,
      ),
    ),
  );
}

/**
 * @param {TableProps} props
 * @param {number} at
 * @param {number} rowHeight
 */
function tableRow(props, at, rowHeight) {
  const row = props.rows[at];
  const key = props.rowKey(row);
  const cells = props.columns.map((column, place) => {
    const content = column.cell(row);
    const link = props.link(row);
    return h(
      'div',
      {class: ['cell', `c-${column.name}`, {numeric: column.numeric}], role: 'cell'},
      place || !link
        ? content
        : h('a', {href: link, class: 'row-link', 'aria-current': key === props.selected ? 'true' : undefined}, content),
    );
  });
  return h(
    'div',
    {
      key,
      class: ['row', {'is-selected': key === props.selected}],
      role: 'row',
      'aria-rowindex': at + 2,
      'data-row': at,
      style: {transform: `translateY(${at * rowHeight}px)`},
    },
    cells,
  );
}

/**
 * @param {number} shown
 * @param {number} all
 */
const printNote = (shown, all) =>
  h('p', {class: 'print-note'}, `The first ${count(shown)} of ${count(all)}; the CSV holds all.`);

/** A table of any length; the first cell of a row is its link. */
export const VirtualTable = {
  props: {
    label: String,
    kind: String,
    columns: Array,
    rows: Array,
    rowKey: Function,
    link: Function,
    selected: String,
    sort: String,
    sortLink: Function,
    contents: String,
  },
  setup(/** @type {TableProps} */ props) {
    const view = useWindow(props);
    const onKeydown = useKeys(props, view);
    const onScroll = (/** @type {any} */ event) => {
      view.top.value = event.target.scrollTop;
    };
    return () => {
      const [first, end] = view.range.value;
      const rows = [];
      for (let at = first; at < end; at += 1) rows.push(tableRow(props, at, view.rowHeight.value));
      const cut = view.printing.value && end < props.rows.length;
      const table = h(
        'div',
        {
          class: ['table', `t-${props.kind}`],
          role: 'table',
          'aria-label': props.label,
          'aria-rowcount': props.rows.length + 1,
        },
        [
          h('div', {role: 'rowgroup'}, [head(props)]),
          h('div', {class: 'scroller', role: 'rowgroup', ref: view.scroller, onScroll, onKeydown}, [
            h(
              'div',
              {class: 'spacer', role: 'presentation', style: {height: `${props.rows.length * view.rowHeight.value}px`}},
              rows,
            ),
          ]),
        ],
      );
      return [sortChoice(props), table, cut ? printNote(end, props.rows.length) : null];
    };
  },
};
