import type { Analysis } from '../analysis/analysis.ts';
import harmless from '../data/harmless.json' with { type: 'json' };
import tongues from '../data/tongues.json' with { type: 'json' };

const english: ReadonlySet<string> = new Set(harmless.words);

/**
 * What to tell somebody whose question is in another language than English, in that language; null where most of it is
 * English. Words that the database has, as names or values, belong to no language.
 */
export function otherTongue(analysis: Analysis): { readonly name: string; readonly message: string } | null {
  const isData = (index: number): boolean =>
    [...analysis.tables, ...analysis.columns].some(
      ({ start, end, weakest }) => weakest >= 0.85 && start <= index && index < end,
    ) || analysis.values.some(({ start, end, match }) => match === 'exact' && start <= index && index < end);
  const words = analysis.tokens.filter(({ kind }, index) => kind === 'word' && !isData(index));
  const isEnglish = (lower: string): boolean =>
    english.has(lower) || analysis.cues.some(({ start }) => analysis.tokens[start]?.lower === lower);
  const found = Object.entries(tongues).map(([name, { words: own, message }]) => {
    const known = words.filter(({ lower }) => own.includes(lower));
    return {
      name,
      message,
      own,
      all: known.length,
      alone: known.filter(({ lower }) => !isEnglish(lower)).length,
    };
  });
  const [best] = found.sort((a, b) => b.alone - a.alone || b.all - a.all);
  const ours = words.filter(({ lower }) => isEnglish(lower)).length;
  // Words of both languages, such as the German `die`, count for neither.
  // One long word is enough where nothing is English.
  const single = words.some(
    ({ lower }) => lower.length >= 4 && !isEnglish(lower) && best?.own.includes(lower) === true,
  );
  const few = best === undefined || (best.alone < 2 && !(best.alone === 1 && ours === 0 && single));
  return few || best.alone <= ours - (best.all - best.alone) ? null : best;
}
