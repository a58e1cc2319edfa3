import { el } from '../page/dom.ts';

const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const STORAGE_KEY = 'zeroprom-theme';

/** Chooses between the theme of the system, light and dark; the browser remembers the choice. */
export function themeButton(onChange: () => void): HTMLButtonElement {
  const button = el('button', { type: 'button', class: 'quiet' });
  const apply = (theme: Theme) => {
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    button.textContent = `Theme: ${theme}`;
    onChange();
  };
  let theme = storedTheme();
  apply(theme);
  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto';
    store(theme);
    apply(theme);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => apply(theme));
  return button;
}

function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return THEMES.find((theme) => theme === stored) ?? 'auto';
  } catch {
    return 'auto'; // Storage can be forbidden.
  }
}

function store(theme: Theme): void {
  try {
    localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // The choice then holds until the page is closed.
  }
}
