import {shallowRef} from '../vendor/vue.js';

/** @typedef {{view: string, query: Readonly<Record<string, string>>}} Route */
/** @typedef {ReturnType<typeof createRouter>} Router */

/**
 * @param {string} view
 * @param {Record<string, string | undefined>} query empty members are left out
 */
export function href(view, query = {}) {
  const filled = Object.entries(query).filter(([, value]) => value);
  const text = new URLSearchParams(/** @type {[string, string][]} */ (filled)).toString();
  return `#/${view}${text ? `?${text}` : ''}`;
}

/**
 * @param {string} hash
 * @param {readonly string[]} views
 * @returns {Route}
 */
export function parse(hash, views) {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  return {view: views.includes(path) ? path : views[0], query: Object.fromEntries(new URLSearchParams(search))};
}

/**
 * Every view and filter stands in the address after the #, which is never sent to a server.
 *
 * @param {readonly string[]} views
 */
export function createRouter(views) {
  const route = shallowRef(parse(location.hash, views));
  let followed = location.hash;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pending;

  /** The event that tells of a new address comes later than a quick hand's next key, so nobody waits for it. */
  function follow() {
    if (location.hash === followed) return;
    followed = location.hash;
    clearTimeout(pending);
    pending = undefined;
    route.value = parse(followed, views);
  }
  function settle() {
    follow();
    if (!pending) return;
    clearTimeout(pending);
    pending = undefined;
    history.replaceState(null, '', href(route.value.view, route.value.query));
    followed = location.hash;
  }
  addEventListener('hashchange', follow);
  return {
    route,
    /**
     * Narrows what is shown without a new entry in the history; the address follows when the typing pauses.
     *
     * @param {Record<string, string>} part
     */
    narrow(part) {
      follow();
      route.value = {...route.value, query: filled({...route.value.query, ...part})};
      clearTimeout(pending);
      pending = setTimeout(settle, 150);
    },
    /**
     * Goes somewhere: the back button returns.
     *
     * @param {Record<string, string>} part of the query
     */
    go(part) {
      settle();
      location.hash = href(route.value.view, {...route.value.query, ...part});
      follow();
    },
    /**
     * The address of this view with some of its query changed.
     *
     * @param {Record<string, string>} part
     */
    link: (part) => href(route.value.view, {...route.value.query, ...part}),
  };
}

/** @param {Record<string, string>} query */
const filled = (query) => Object.fromEntries(Object.entries(query).filter(([, value]) => value));
