import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { isLanguage, type Language, preferredLanguage, type Speech, speak } from '../words/language.ts';

export const themes = ['system', 'light', 'dark'] as const;

export type Theme = (typeof themes)[number];

/** What the user has chosen of the page itself; it is remembered by the browser. */
export interface Preferences {
  readonly language: Signal<Language>;
  readonly theme: Signal<Theme>;
  /** Whether several answers stand beside each other where there is room. */
  readonly sideBySide: Signal<boolean>;
  readonly speech: ReadonlySignal<Speech>;
}

export function createPreferences(root: HTMLElement, languages: readonly string[]): Preferences {
  const storedLanguage = read('language') ?? '';
  const storedTheme = read('theme');
  const language = signal(isLanguage(storedLanguage) ? storedLanguage : preferredLanguage(languages));
  const theme = signal<Theme>(themes.find((name) => name === storedTheme) ?? 'system');
  const sideBySide = signal(read('side-by-side') === 'yes');
  effect(() => {
    root.lang = language.value;
    root.dataset['theme'] = theme.value;
  });
  let isFirst = true;
  effect(() => {
    const chosen = [language.value, theme.value, sideBySide.value ? 'yes' : 'no'] as const;
    if (!isFirst) {
      write('language', chosen[0]);
      write('theme', chosen[1]);
      write('side-by-side', chosen[2]);
    }
    isFirst = false;
  });
  return { language, theme, sideBySide, speech: computed(() => speak(language.value)) };
}

/** A browser may keep its storage from the page: then nothing is remembered, and all else works. */
function read(name: string): string | null {
  try {
    return localStorage.getItem(`sqlq.${name}`);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(`sqlq.${name}`, value);
  } catch {
    // As above.
  }
}
