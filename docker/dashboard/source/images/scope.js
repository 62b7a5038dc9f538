import {computed, onBeforeUnmount, shallowRef, watch} from '../vendor/vue.js';
import {compareCounts, levels, sum} from '../model/severity.js';
import {hasWords, words} from '../model/vulnerabilities.js';

/** @typedef {import('../model/types.js').Image} Image */
/** @typedef {import('../model/types.js').Registry} Registry */
/** @typedef {import('../shell/context.js').Dashboard} Dashboard */
/** @typedef {{image: Image, places: Image[]}} ImageRow */

/** As many registries as are read without being asked to. */
const readByItself = 12;

/** @type {Record<string, (a: Image, b: Image) => number>} */
export const imageOrders = {
  severity: (a, b) => compareCounts(a.counts, b.counts) || (a.text < b.text ? -1 : 1),
  pushed: (a, b) => (b.pushed ?? 0) - (a.pushed ?? 0),
  name: (a, b) => (a.text < b.text ? -1 : 1),
};

/** The members of the query that choose among images. */
export const imageFilters = ['account', 'region', 'repository', 'q', 'severity', 'state', 'fix'];

/** @param {string} severity one or more, of which an image has to have one */
function levelTest(severity) {
  const on = new Set(severity.split(','));
  const chosenLevels = levels.map((level, at) => (on.has(level.name) ? at : -1)).filter((at) => at >= 0);
  return (/** @type {Image} */ image) => chosenLevels.some((at) => image.counts[at] > 0);
}

/**
 * All filters but that of the severities, whose chips tell how many they would leave.
 *
 * @param {Record<string, string>} query
 */
export function imageTest(query) {
  const wanted = words(query.q ?? '');
  const {state = '', fix = '', repository = ''} = query;
  return (/** @type {Image} */ image) =>
    (!repository || image.repository === repository) &&
    (!state || matchesState(image, state)) &&
    (!fix || (fix === 'available' ? image.fixable > 0 : sum(image.counts) > image.fixable)) &&
    hasWords(image.text, wanted);
}

/**
 * @param {Image} image
 * @param {string} state
 */
const matchesState = (image, state) =>
  state === 'judged'
    ? image.state === 'scanned'
    : state === 'clean'
      ? image.state === 'scanned' && !sum(image.counts)
      : state === 'not_judged'
        ? image.state !== 'scanned'
        : image.state === state;

/**
 * The same digest in several places is one row, which stands where its worst place does.
 *
 * @param {Image[]} images
 * @returns {ImageRow[]}
 */
function byDigest(images) {
  /** @type {Map<string, ImageRow>} */
  const rows = new Map();
  for (const image of images) {
    const row = rows.get(image.digest);
    if (row) row.places.push(image);
    else rows.set(image.digest, {image, places: [image]});
  }
  return [...rows.values()];
}

/**
 * Rows with a place that passes; a row that shows its first place already is not made anew.
 *
 * @param {ImageRow[]} rows
 * @param {(image: Image) => boolean} passes
 * @returns {ImageRow[]}
 */
function filterRows(rows, passes) {
  const found = [];
  for (const row of rows) {
    if (passes(row.image)) found.push(row);
    else if (row.places.length > 1) {
      const image = row.places.find(passes);
      if (image) found.push({image, places: row.places});
    }
  }
  return found;
}

/**
 * How far the reading is.
 *
 * @param {Registry[]} registries
 * @param {Map<string, import('../data/registries.js').RegistryState>} entries
 */
function statesOf(registries, entries) {
  const found = {
    ready: 0,
    underWay: 0,
    unread: /** @type {Registry[]} */ ([]),
    failed: /** @type {{registry: Registry, error: string}[]} */ ([]),
  };
  for (const registry of registries) {
    const entry = entries.get(registry.file);
    if (!entry) found.unread.push(registry);
    else if (entry.phase === 'ready') found.ready += 1;
    else if (entry.phase === 'error') found.failed.push({registry, error: entry.error});
    else found.underWay += 1;
  }
  return found;
}

/**
 * The registries that the address names, and the images of those that are loaded.
 *
 * @param {Dashboard} dashboard
 */
export function useImages({report, router}) {
  const {entries} = report.registries;
  const query = computed(() => router.route.value.query);
  const place = computed(() => `${query.value.account ?? ''}/${query.value.region ?? ''}`);
  const registries = computed(() => {
    const [account, region] = place.value.split('/');
    const all = report.index.state.value.model?.registries ?? [];
    return all.filter(
      (each) => each.images > 0 && (!account || each.account === account) && (!region || each.region === region),
    );
  });
  const states = computed(() => statesOf(registries.value, entries));
  const {loaded, isGathering} = useLoaded(() => registries.value, entries);
  // Of its own, so that a key typed into the search sorts nothing anew.
  const sort = computed(() => (Object.hasOwn(imageOrders, query.value.sort ?? '') ? query.value.sort : 'severity'));
  const sorted = computed(() => byDigest([...loaded.value].sort(imageOrders[sort.value])));
  const wanted = computed(() =>
    JSON.stringify(
      Object.fromEntries(
        imageFilters.filter((name) => name !== 'severity').map((name) => [name, query.value[name] ?? '']),
      ),
    ),
  );
  const severity = computed(() => query.value.severity ?? '');
  const ofAllLevels = computed(() => filterRows(sorted.value, imageTest(JSON.parse(wanted.value))));
  const rows = computed(() =>
    severity.value ? filterRows(ofAllLevels.value, levelTest(severity.value)) : ofAllLevels.value,
  );
  const fresh = () => {
    const known = registries.value.filter((each) => entries.has(each.file));
    report.registries.ensure(known);
    if (registries.value.length <= readByItself) report.registries.ensure(registries.value);
  };
  watch(() => `${report.index.state.value.version} ${place.value}`, fresh, {immediate: true});
  return {
    registries,
    states,
    isGathering,
    ofAllLevels,
    rows,
    readAll: () => report.registries.ensure(registries.value),
    retry: () => report.registries.catchUp(true),
  };
}

/**
 * @param {Registry[]} some
 * @param {Registry[]} others
 */
const areSame = (some, others) =>
  some === others || (some.length === others.length && some.every(({file}, at) => file === others[at].file));

/**
 * Gathers what is loaded: at once where other registries are chosen, and at most three times a second while files come in.
 *
 * @param {() => Registry[]} registries
 * @param {Map<string, import('../data/registries.js').RegistryState>} entries
 */
function useLoaded(registries, entries) {
  const loaded = shallowRef(/** @type {Image[]} */ ([]));
  const isGathering = shallowRef(false);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pending;
  function gather() {
    clearTimeout(pending);
    pending = undefined;
    isGathering.value = false;
    loaded.value = registries().flatMap((registry) => entries.get(registry.file)?.images ?? []);
  }
  watch(
    () => ({chosen: registries(), images: registries().map((registry) => entries.get(registry.file)?.images)}),
    (now, before) => {
      if (!before || !areSame(now.chosen, before.chosen)) return gather();
      if (now.images.every((images, at) => images === before.images[at])) return;
      isGathering.value = true;
      pending ??= setTimeout(gather, loaded.value.length > 5000 ? 350 : 0);
    },
    {immediate: true},
  );
  onBeforeUnmount(() => clearTimeout(pending));
  return {loaded, isGathering};
}
