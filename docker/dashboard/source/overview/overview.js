import {computed, h, inject, watch} from '../vendor/vue.js';
import {emptyState, errorState, loadingState, notice, button} from '../ui/bits.js';
import {size} from '../ui/format.js';
import {figures} from './figures.js';
import {coverageCard, newestCard, repositoriesCard} from './cards.js';
import {HistoryCard} from './history-card.js';

/** What somebody wants to know each morning: is it worse, what is new, where, and can the picture be trusted. */
export const Overview = {
  setup() {
    const {report} = /** @type {import('../shell/context.js').Dashboard} */ (inject('dashboard'));
    const {index, history, vulnerabilities} = report;
    // The largest of the files: asked for once the rest is on the screen.
    watch(
      () => index.state.value.phase === 'ready',
      (isThere) => {
        if (isThere) afterPaint(() => vulnerabilities.ensure());
      },
      {immediate: true},
    );
    const days = computed(() => history.state.value.model ?? []);
    return () => {
      const {phase, model, error, bytes} = index.state.value;
      if (phase === 'error') return errorState(error, () => void index.refresh());
      if (!model) return loadingState('the report', bytes ? size(bytes) : '');
      if (!model.accounts.length) {
        return emptyState(
          'Nothing has been looked into yet',
          'The report holds no account. The first sweep fills it: scanfleet sweep collect --wait.',
        );
      }
      const now = report.now.value;
      return h('div', {class: 'overview'}, [
        h('h1', {class: 'hidden'}, 'Overview'),
        figures(model, days.value),
        h(HistoryCard, null),
        coverageCard(model),
        newestCard(vulnerabilities, now),
        repositoriesCard(model),
        history.state.value.phase === 'error'
          ? notice(
              'warning',
              `The history is missing: ${history.state.value.error?.message}`,
              button('Try again', () => void history.refresh()),
            )
          : null,
      ]);
    };
  },
};

/** @param {() => void} then */
const afterPaint = (then) => requestAnimationFrame(() => setTimeout(then, 100));
