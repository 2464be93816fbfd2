import type { Doubts } from '../doubts/doubt.ts';
import type { Language } from '../words/language.ts';

/** What is said of an answer, in a language; its words are loaded for a question that needs them alone. */
export async function inLanguage(language: Language | null, text: string): Promise<string> {
  return language === null ? text : (await import('../doubts/said/said.ts')).saidIn(language, text);
}

/** As `inLanguage`, all that was found and will be found. */
export async function doubtsInLanguage(language: Language | null, found: Doubts): Promise<Doubts> {
  return language === null ? found : (await import('../doubts/said/said.ts')).doubtsIn(language, found);
}

const labels: Readonly<Record<Language, string>> = { German: 'Zweifel:', Spanish: 'Duda:' };

/** What stands before a doubt. */
export const doubtLabel = (language: Language | null): string =>
  language === null ? 'Doubt:' : labels[language];
