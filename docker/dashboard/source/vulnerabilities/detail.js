import {h, inject} from '../vendor/vue.js';
import {exactTime, externalLink, severityBadge} from '../ui/bits.js';
import {plural} from '../ui/format.js';
import {detailPane} from '../ui/detail-pane.js';
import {AffectedImages} from './affected.js';

/** @typedef {import('../model/types.js').Vulnerability} Vulnerability */

/**
 * @param {string} label
 * @param {import('../vendor/vue.js').Child} value
 */
const fact = (label, value) => h('div', [h('dt', label), h('dd', value)]);

/** @param {Vulnerability} entry */
function facts(entry) {
  const fix =
    entry.fixable === null
      ? 'not known'
      : entry.fixable === 0
        ? 'none yet'
        : entry.fixable >= entry.images
          ? 'for every image'
          : `for ${plural(entry.fixable, 'image')} of ${entry.images}`;
  return h('dl', {class: 'facts'}, [
    fact('Severity', severityBadge(entry.level, entry.severity)),
    fact('Score', entry.score?.toFixed(1) ?? 'not given'),
    fact('Images, in all places', plural(entry.images, 'image')),
    fact('Fix', fix),
    fact('First seen', exactTime(entry.firstSeen)),
    entry.packages.length ? fact('Packages', entry.packages.join(', ')) : null,
    entry.link ? fact('Link', externalLink(entry.link)) : null,
    ...entry.attributes
      .filter(([key]) => key !== 'package_name')
      .map(([key, value]) => fact(key.replaceAll('_', ' '), value)),
  ]);
}

/** One vulnerability: what it is, and every image that has it. */
export const VulnerabilityDetail = {
  props: {id: String},
  setup(/** @type {{id: string}} */ props) {
    const {report, router} = /** @type {import('../shell/context.js').Dashboard} */ (inject('dashboard'));
    return () => {
      const entry = report.vulnerabilities.state.value.model?.byId.get(props.id);
      const close = () => router.go({id: ''});
      if (!entry)
        return detailPane(
          props.id,
          close,
          h('p', 'The report does not hold it: it occurs in no judged image any more, or the address is wrong.'),
        );
      return detailPane(entry.id, close, [
        entry.title ? h('p', {class: 'lead wrap'}, entry.title) : null,
        facts(entry),
        h('h3', 'Description'),
        h('p', {class: 'prose wrap'}, entry.description || 'ECR gives no description.'),
        h(AffectedImages, {entry}),
      ]);
    };
  },
};
