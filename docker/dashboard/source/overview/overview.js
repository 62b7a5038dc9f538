import {computed, h, inject, watch} from '../vendor/vue.js';
import {emptyState, errorState, loadingState, notice, button} from '../ui/bits.js';
import {size} from '../ui/format.js';
import {figures} from './figures.js';
import {coverageCard, newestCard, repositoriesCard, widestCard} from './cards.js';
import {HistoryCard} from './history-card.js';

/** What somebody wants to know each morning: is it worse, what is new, where, and can the picture be trusted. */
export const Overview = {
  setup() {
    const {report} = /** @type {import('../shell/context.js').Dashboard} */ (inject('dashboard'));
    const {index, history, vulnerabilities} = report;
    // An older report's index does not name the newest: then the largest of the files is asked for, after the rest.
    watch(
      () => index.state.value.model?.newest === null,
      (isUnnamed) => {
        if (isUnnamed) afterPaint(() => vulnerabilities.ensure());
      },
      {immediate: true},
    );
    const days = computed(() => {
      const {phase, model} = history.state.value;
      return phase === 'idle' || phase === 'loading' ? null : (model ?? []);
    });
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
        model.newest
          ? newestCard(model.newest, model.counts[0], now)
          : widestCard(vulnerabilities, () => void vulnerabilities.refresh(), now),
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
