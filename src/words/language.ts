import languages from './languages.json' with { type: 'json' };

/** A language other than English in which what is known of an answer can be said. */
export type Language = 'German' | 'Spanish';

const letters: Readonly<Record<Language, RegExp>> = { German: /[äöüß]/iu, Spanish: /[¿¡ñ]/iu };

/**
 * The language of a question by its small words: the one that has most of them, and more than any other; null for English, for other
 * languages, and where the words do not tell.
 */
export function languageOf(question: string): Language | null {
  const words = question.toLowerCase().match(/\p{L}+/gu) ?? [];
  const counts = Object.entries(languages).map(([name, known]) => {
    const marks = (name === 'German' || name === 'Spanish') && letters[name].test(question) ? 1 : 0;
    return { name, count: words.filter((word) => known.includes(word)).length + marks };
  });
  const [best, next] = counts.sort((a, b) => b.count - a.count);
  return best === undefined || best.count === (next?.count ?? 0)
    ? null
    : best.name === 'German' || best.name === 'Spanish'
      ? best.name
      : null;
}
