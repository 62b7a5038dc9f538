import {ref} from '../vendor/vue.js';

const key = 'scanfleet-theme';

/** Follows the system until somebody chooses. */
export function createTheme() {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const stored = () => {
    try {
      return localStorage.getItem(key) ?? '';
    } catch {
      return ''; // Storage may be forbidden; then the system's choice holds.
    }
  };
  const theme = ref(stored());
  const isDark = ref(false);
  function apply() {
    document.documentElement.dataset.theme = theme.value;
    isDark.value = theme.value ? theme.value === 'dark' : dark.matches;
  }
  dark.addEventListener('change', apply);
  apply();
  return {
    isDark,
    toggle() {
      theme.value = isDark.value ? 'light' : 'dark';
      try {
        localStorage.setItem(key, theme.value);
      } catch {
        // It holds until the page is closed.
      }
      apply();
    },
  };
}
