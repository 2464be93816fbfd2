import type { Analysis } from '../analysis/analysis.ts';
import unsupported from '../data/unsupported.json' with { type: 'json' };

/** What a question may ask for that no query of the grammar can say, by the words that ask for it. */
const wishes = Object.entries(unsupported).map(
  ([wish, patterns]) => [new RegExp(patterns.join('|'), 'iu'), wish] as const,
);

/**
 * What the question asks for beyond what the engine can say, in words; null where it asks for nothing of the kind. A
 * query that leaves it out would answer another question. A word that names a column or is a stored value asks for that.
 */
export function unsupportedIntent(analysis: Analysis): string | null {
  for (const [pattern, wish] of wishes) {
    const match = pattern.exec(analysis.question);
    if (match === null) {
      continue;
    }
    const at = analysis.tokens.findIndex((token) => token.end > match.index);
    const covers = (mention: { readonly start: number; readonly end: number }): boolean =>
      mention.start <= at && at < mention.end;
    if (analysis.tokens[at]?.kind === 'quoted') {
      continue;
    }
    // `first` of `first name` alone names nothing.
    const least = /^(?:first|last|top|latest|newest|best)$/u.test(analysis.tokens[at]?.lower ?? '') ? 0.7 : 0;
    if (
      analysis.columns.some(
        ({ weakest, score, ...span }) => weakest >= 0.85 && score >= least && covers(span),
      )
    ) {
      continue;
    }
    if (analysis.values.some((mention) => mention.match === 'exact' && covers(mention))) {
      continue;
    }
    return wish;
  }
  return null;
}
