import {computed, h, nextTick, onBeforeUnmount, onMounted, ref, watch} from '../vendor/vue.js';
import {count} from './format.js';

/** @typedef {import('../vendor/vue.js').Child} Child */
/** @typedef {{name: string, label: string, cell: (row: any) => Child, sort?: string, numeric?: boolean}} Column */
/**
 * @typedef {{label: string, kind: string, columns: Column[], rows: any[], rowKey: (row: any) => string,
 *   link: (row: any) => string, selected: string, sort: string, sortLink: (sort: string) => string}} TableProps
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
  // Another list begins at its top; the same list with other values stays where it is.
  watch(
    () => props.rows.length,
    () => {
      if (scroller.value && top.value > props.rows.length * rowHeight.value) scroller.value.scrollTop = 0;
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
    const begin = at * rowHeight.value;
    if (begin < top.value) scroller.value.scrollTop = begin;
    else if (begin + rowHeight.value > top.value + height.value)
      scroller.value.scrollTop = begin + rowHeight.value - height.value;
    top.value = scroller.value.scrollTop;
    await nextTick();
    scroller.value.querySelector(`[data-row="${at}"] a`)?.focus({preventScroll: true});
  }
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
          'aria-sort': column.sort ? (props.sort === column.sort ? 'descending' : 'none') : undefined,
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
      return h(
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
          cut
            ? h(
                'p',
                {class: 'print-note'},
                `The first ${count(end)} of ${count(props.rows.length)}; the CSV holds all.`,
              )
            : null,
        ],
      );
    };
  },
};
