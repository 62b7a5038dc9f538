import {computed, h, inject, shallowRef, watch, onBeforeUnmount} from '../vendor/vue.js';
import {button, digestWithCopy, notice} from '../ui/bits.js';
import {count, plural} from '../ui/format.js';
import {downloadCSV} from '../ui/csv.js';
import {imageLink} from '../images/links.js';

/** @typedef {import('../model/types.js').Vulnerability} Vulnerability */
/** @typedef {import('../model/types.js').Registry} Registry */
/** @typedef {{package: string, version: string, fixed: string | null}} Package */
/** @typedef {{registry: Registry, repository: string, digest: string, tags: string[], packages: Package[]}} Place */

/** As many files as are read without being asked to. */
const readByItself = 16;
const shownAtFirst = 100;
const shownMore = 500;

const csvColumns = [
  {label: 'Digest', value: (/** @type {Place} */ place) => place.digest},
  {label: 'Account', value: (/** @type {Place} */ place) => place.registry.account},
  {label: 'Account name', value: (/** @type {Place} */ place) => place.registry.accountName},
  {label: 'Region', value: (/** @type {Place} */ place) => place.registry.region},
  {label: 'Repository', value: (/** @type {Place} */ place) => place.repository},
  {label: 'Tags', value: (/** @type {Place} */ place) => place.tags.join(' ')},
  {
    label: 'Packages',
    value: (/** @type {Place} */ place) => place.packages.map((each) => `${each.package} ${each.version}`).join(', '),
  },
  {
    label: 'Fixed in',
    value: (/** @type {Place} */ place) =>
      [...new Set(place.packages.map((each) => each.fixed).filter(Boolean))].join(', '),
  },
];

/**
 * The registries that have it, the one with most images first, among the chosen places.
 *
 * @param {import('../data/report.js').Report} report
 * @param {Record<string, string>} query
 * @param {Vulnerability} entry
 */
function registriesWith(report, {account = '', region = ''}, entry) {
  const model = report.vulnerabilities.state.value.model;
  const index = report.index.state.value.model;
  if (!model || !index) return [];
  const places = entry.places && [...entry.places].sort((a, b) => b[1] - a[1]);
  const names = places?.map(([at]) => `${model.registries[at]}.json`) ?? [...index.byFile.keys()];
  const known = names.flatMap((file) => index.byFile.get(file) ?? []);
  return known.filter((each) => (!account || each.account === account) && (!region || each.region === region));
}

/** @typedef {{places: Place[], failed: string[], mayLag: boolean, done: number}} Step */

/**
 * Reads one file after the other, and yields what is known after each.
 *
 * @param {Registry[]} wanted
 * @param {(file: string) => ReturnType<import('../data/registries.js').Registries['affected']>} ask
 * @returns {AsyncGenerator<Step>}
 */
async function* gather(wanted, ask) {
  /** @type {Step} */
  let step = {places: [], failed: [], mayLag: false, done: 0};
  for (const registry of wanted) {
    step = {...step, done: step.done + 1};
    try {
      const {places, mayLag} = await ask(registry.file);
      step.places = [...step.places, ...places.map((place) => ({...place, registry}))];
      step.mayLag ||= mayLag;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      step.failed = [...step.failed, `${registry.account}/${registry.region}: ${why}`];
    }
    yield step;
  }
}

/**
 * Reads the files in which the vulnerability occurs; a newer report begins anew.
 *
 * @param {import('../shell/context.js').Dashboard} dashboard
 * @param {() => Vulnerability} entry
 */
function usePlaces({report, router}, entry) {
  const found = shallowRef(/** @type {Place[]} */ ([]));
  const progress = shallowRef({done: 0, asked: 0, failed: /** @type {string[]} */ ([])});
  let run = 0;
  const registries = computed(() => registriesWith(report, router.route.value.query, entry()));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let again;
  async function read(/** @type {Registry[]} */ wanted, isAgain = false) {
    clearTimeout(again);
    run += 1;
    const mine = run;
    const gathering = gather(wanted, (file) => report.registries.affected(file, entry().id));
    if (!isAgain) show({places: [], failed: [], mayLag: false, done: 0}, wanted.length);
    let last;
    for await (const step of gathering) {
      if (mine !== run) return;
      if (!isAgain || step.done === wanted.length) show(step, wanted.length);
      last = step;
    }
    // What came from the server's copy may be older than the index: once more, when that copy is over.
    if (last?.mayLag) again = setTimeout(() => void read(wanted, true), (report.config.value.copy_seconds + 1) * 1000);
  }
  function show(/** @type {Step} */ {places, failed, done}, /** @type {number} */ asked) {
    found.value = places;
    progress.value = {done, asked, failed};
  }
  const key = () => `${report.vulnerabilities.state.value.version} ${registries.value.map((each) => each.file).join()}`;
  watch(key, () => void read(registries.value.slice(0, readByItself)), {immediate: true});
  onBeforeUnmount(() => {
    run += 1;
    clearTimeout(again);
  });
  const isKnown = computed(() => report.index.state.value.model !== null);
  return {found, progress, registries, isKnown, readAll: () => void read(registries.value)};
}

/**
 * The same digest in several places is one image.
 *
 * @param {Place[]} places
 */
function byDigest(places) {
  /** @type {Map<string, Place[]>} */
  const groups = new Map();
  for (const place of places) groups.set(place.digest, [...(groups.get(place.digest) ?? []), place]);
  return [...groups.values()].sort((a, b) => b.length - a.length);
}

/** @param {Place[]} group */
const affectedImage = (group) =>
  h('li', {class: 'affected', key: group[0].digest}, [
    h('div', {class: 'affected-head'}, [
      digestWithCopy(group[0].digest),
      group.length > 1 ? h('span', {class: 'pill'}, `in ${group.length} places`) : null,
    ]),
    ...group.map((place) =>
      h('a', {class: 'place wrap', href: imageLink(place.registry, place.repository, place.digest)}, [
        h('strong', `${place.repository}${place.tags.length ? `:${place.tags.join(', ')}` : ''}`),
        ` ${place.registry.accountName || place.registry.account} · ${place.registry.region}`,
      ]),
    ),
    h(
      'ul',
      {class: 'packages'},
      group[0].packages.map((each) =>
        h('li', {class: 'wrap'}, [
          `${each.package} ${each.version}`,
          each.fixed
            ? h('span', {class: 'pill is-good'}, `fixed in ${each.fixed}`)
            : h('span', {class: 'muted'}, ' no fix'),
        ]),
      ),
    ),
  ]);

/**
 * How far the reading is, and what it could not read.
 *
 * @param {{done: number, asked: number, failed: string[]}} progress
 * @param {number} unread
 * @param {() => void} readAll
 */
function reading({done, asked, failed}, unread, readAll) {
  const more = `${plural(unread, 'more registry has', 'more registries have')} not been read.`;
  return [
    done < asked
      ? h('p', {role: 'status'}, [
          h('progress', {value: done, max: asked, 'aria-label': 'Registries read'}),
          ` ${done} of ${plural(asked, 'registry', 'registries')} read`,
        ])
      : null,
    failed.length ? notice('warning', `Not read: ${failed.join('; ')}`, button('Try again', readAll)) : null,
    done === asked && unread > 0 ? notice('info', more, button('Read all', readAll)) : null,
  ];
}

/**
 * @param {string} id
 * @param {Place[]} places
 * @param {string} amount
 */
function head(id, places, amount) {
  const download = () => downloadCSV(`images-${id.replace(/[^\w-]/g, '_')}`, csvColumns, places);
  return h('div', {class: 'section-head'}, [
    h('h3', ['Affected images', amount ? h('span', {class: 'muted'}, ` ${amount}`) : null]),
    button('CSV', download, {disabled: !places.length, 'aria-label': 'Download the affected images as CSV'}),
  ]);
}

/**
 * Lists count an image in each of its places; here it stands once.
 *
 * @param {number} digests
 * @param {number} places
 */
const amountOf = (digests, places) => `${plural(digests, 'digest')} in ${plural(places, 'place')}`;

/**
 * Only where everything was read may it say that no image has it.
 *
 * @param {boolean} isKnown whether the index is there
 * @param {number} registries with it, among the chosen places
 * @param {boolean} isNone whether all were read and none has it
 */
function nothingFound(isKnown, registries, isNone) {
  if (!isKnown) return 'Which images have it is known once the index of the report has been read.';
  if (!registries) return 'The report names no registry with it among the chosen places.';
  return isNone ? 'No image in the chosen places has it.' : '';
}

/** Every image that has the vulnerability. */
export const AffectedImages = {
  props: {entry: Object},
  setup(/** @type {{entry: Vulnerability}} */ props) {
    const dashboard = /** @type {import('../shell/context.js').Dashboard} */ (inject('dashboard'));
    const {found, progress, registries, isKnown, readAll} = usePlaces(dashboard, () => props.entry);
    const limit = shallowRef(shownAtFirst);
    const groups = computed(() => byDigest(found.value));
    const showMore = () => {
      limit.value += shownMore;
    };
    return () => {
      const {done, asked, failed} = progress.value;
      const total = groups.value.length;
      const unread = registries.value.length - asked;
      const isOver = asked > 0 && done === asked;
      const amount = isOver ? `${amountOf(total, found.value.length)}${unread || failed.length ? ' so far' : ''}` : '';
      return h('section', {'aria-label': 'Affected images', class: 'affected-images'}, [
        head(props.entry.id, found.value, amount),
        ...reading(progress.value, unread, readAll),
        h('ul', {class: 'affected-list'}, groups.value.slice(0, limit.value).map(affectedImage)),
        total > limit.value ? button(`Show ${count(Math.min(shownMore, total - limit.value))} more`, showMore) : null,
        h(
          'p',
          {class: 'muted'},
          nothingFound(isKnown.value, registries.value.length, isOver && !total && !unread && !failed.length),
        ),
      ]);
    };
  },
};
