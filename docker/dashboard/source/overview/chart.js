import {computed, h, onBeforeUnmount, onMounted, ref} from '../vendor/vue.js';
import {count, date, dayNumber} from '../ui/format.js';

/** @typedef {import('../model/types.js').Day} Day */
/** @typedef {{name: string, label: string}} Series */

const height = 250;
const left = 44;
const bottom = 24;
const topRoom = 10;

/**
 * A round number at or above.
 *
 * @param {number} value
 */
export function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}

/**
 * Lower and upper edge of every series for every day.
 *
 * @param {Day[]} days
 * @param {Series[]} series
 */
function stack(days, series) {
  const base = days.map(() => 0);
  return series.map(({name}) =>
    days.map((day, at) => {
      const from = base[at];
      base[at] += day.images[name] ?? 0;
      return [from, base[at]];
    }),
  );
}

/**
 * @param {Day[]} days
 * @param {Series[]} series
 * @param {number} width of the picture, one unit a pixel, so that its text keeps its size
 */
function geometry(days, series, width) {
  const bands = stack(days, series);
  const highest = ceiling(Math.max(1, ...bands[bands.length - 1].map(([, to]) => to)));
  const first = dayNumber(days[0].day);
  const span = dayNumber(days[days.length - 1].day) - first;
  const step = span ? (width - left - 6) / span : 0;
  const places = days.map(({day}) => left + (span ? (dayNumber(day) - first) * step : (width - left) / 2));
  const x = (/** @type {number} */ at) => places[at];
  const y = (/** @type {number} */ value) => topRoom + (height - bottom - topRoom) * (1 - value / highest);
  return {bands, highest, runs: runsOf(days), places, x, y, width};
}

/**
 * First and last place of each run of days without a gap.
 *
 * @param {Day[]} days
 */
function runsOf(days) {
  /** @type {[number, number][]} */
  const runs = [];
  for (let at = 0; at < days.length; at += 1) {
    const run = runs.at(-1);
    if (run && dayNumber(days[at].day) - dayNumber(days[at - 1].day) === 1) run[1] = at;
    else runs.push([at, at]);
  }
  return runs;
}

/**
 * One shape for each run: days that nobody recorded stay empty.
 *
 * @param {ReturnType<typeof geometry>} g
 * @param {number[][]} band
 */
function area({x, y, runs, places}, band) {
  const half = places.length > 1 ? 3 : 20;
  const shapes = runs.map(([from, to]) => {
    const xs = from === to ? [x(from) - half, x(from) + half] : places.slice(from, to + 1);
    const at = (/** @type {number} */ place) => band[Math.min(to, from + place)];
    const upper = xs.map((px, place) => `${px.toFixed(1)},${y(at(place)[1]).toFixed(1)}`);
    const lower = xs.map((px, place) => `${px.toFixed(1)},${y(at(place)[0]).toFixed(1)}`).reverse();
    return `M${[...upper, ...lower].join('L')}Z`;
  });
  return shapes.join('');
}

/**
 * @param {ReturnType<typeof geometry>} g
 * @param {Day[]} days
 */
function axes(g, days) {
  const lines = [0, 0.5, 1].map((part) =>
    h('g', {class: 'axis'}, [
      h('line', {x1: left, x2: g.width, y1: g.y(part * g.highest), y2: g.y(part * g.highest)}),
      h('text', {x: left - 8, y: g.y(part * g.highest) + 4, 'text-anchor': 'end'}, count(part * g.highest)),
    ]),
  );
  const shown = days.length > 2 ? [0, Math.floor((days.length - 1) / 2), days.length - 1] : days.map((_, at) => at);
  const labels = shown.map((at) =>
    h(
      'text',
      {
        x: g.x(at),
        y: height - 6,
        'text-anchor': days.length === 1 ? 'middle' : at === 0 ? 'start' : at === days.length - 1 ? 'end' : 'middle',
      },
      date(days[at].day),
    ),
  );
  return [...lines, h('g', {class: 'axis'}, labels)];
}

/**
 * @param {Day} day
 * @param {Series[]} series
 */
const readout = (day, series) =>
  h('p', {class: 'readout', 'aria-live': 'off'}, [
    h('strong', date(day.day)),
    ...series.map(({name, label}) =>
      h('span', {class: ['key', `is-${name}`]}, `${label} ${count(day.images[name] ?? 0)}`),
    ),
  ]);

/**
 * The same numbers for who cannot see the picture, and for copying.
 *
 * @param {Day[]} days
 * @param {Series[]} series
 */
const numbersTable = (days, series) =>
  h('details', {class: 'numbers'}, [
    h('summary', 'The numbers as a table'),
    h(
      'div',
      {class: 'numbers-scroll', tabindex: 0, role: 'region', 'aria-label': 'Images by day, as numbers'},
      h('table', [
        h(
          'thead',
          h('tr', [h('th', {scope: 'col'}, 'Day'), ...series.map(({label}) => h('th', {scope: 'col'}, label))]),
        ),
        h(
          'tbody',
          [...days]
            .reverse()
            .slice(0, 90)
            .map((day) =>
              h('tr', [
                h('th', {scope: 'row'}, day.day),
                ...series.map(({name}) => h('td', count(day.images[name] ?? 0))),
              ]),
            ),
        ),
      ]),
    ),
  ]);

/** Images by their worst finding, day by day; worst at the bottom, where a change is seen best. */
export const HistoryChart = {
  props: {days: Array, series: Array, label: String},
  setup(/** @type {{days: Day[], series: Series[], label: string}} */ props) {
    const picked = ref(/** @type {number | null} */ (null));
    const picture = ref(/** @type {any} */ (null));
    const width = ref(720);
    const observer = new ResizeObserver(() => {
      width.value = Math.max(240, picture.value?.clientWidth ?? 720);
    });
    onMounted(() => observer.observe(picture.value));
    onBeforeUnmount(() => observer.disconnect());
    const shapes = computed(() => geometry(props.days, props.series, width.value));
    function pick(/** @type {any} */ event) {
      const box = event.currentTarget.getBoundingClientRect();
      const under = ((event.clientX - box.left) / box.width) * width.value;
      const distances = shapes.value.places.map((place) => Math.abs(place - under));
      picked.value = distances.indexOf(Math.min(...distances));
    }
    return () => {
      const g = shapes.value;
      const at = Math.min(picked.value ?? props.days.length - 1, props.days.length - 1);
      return h('figure', {class: 'chart'}, [
        readout(props.days[at], props.series),
        h(
          'svg',
          {
            ref: picture,
            viewBox: `0 0 ${g.width} ${height}`,
            height,
            role: 'img',
            'aria-label': props.label,
            onPointermove: pick,
            onPointerleave: () => {
              picked.value = null;
            },
          },
          [
            ...g.bands.map((band, place) =>
              h('path', {class: ['area', `is-${props.series[place].name}`], d: area(g, band)}),
            ),
            ...axes(g, props.days),
            picked.value === null
              ? null
              : h('line', {class: 'cursor', x1: g.x(at), x2: g.x(at), y1: topRoom, y2: height - bottom}),
          ],
        ),
        numbersTable(props.days, props.series),
      ]);
    };
  },
};
