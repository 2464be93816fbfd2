import type { Analysis } from './analysis/analysis.ts';

/** What a question may ask for that no query of the grammar can say, by the words that ask for it. */
const wishes: readonly (readonly [RegExp, string])[] = [
  [/\b(?:percent|percentages?|per cent|proportions?|ratios?|fractions?|shares? of)\b|%/iu, 'a share'],
  [
    /\b(?:median|standard deviation|stddev|variance|correlat\w+|percentiles?|quartiles?|deciles?)\b/iu,
    'statistics',
  ],
  [
    /\b(?:running total|running sum|cumulative|moving average|rolling (?:average|sum|total))\b/iu,
    'a running total',
  ],
  [
    /\b(?:growth|grow|grew|grown|trends?|year over year|month over month|compared (?:to|with)|versus|vs)\b|\bhow (?:many|much) (?:more|fewer|less|longer|older|higher|lower)\b|\bdifference between\b/iu,
    'a comparison of two results',
  ],
  [
    /\b(?:forecast|predict\w*|tomorrow|next (?:day|week|month|quarter|year)|likely|will (?:be|have|sell|spend|buy|grow|happen|win|cost))\b/iu,
    'what is not in the data yet',
  ],
  [
    /^\W*(?:please )?(?:delete|remove|drop|update|insert|truncate|alter|rename|create|set|change|replace)\b/iu,
    'a change of the data',
  ],
  [
    /\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?) (?:after|before|later|earlier|between)\b(?! \d{4}\b)|\bhow long (?:does|do|did|has|have)\b.*\btakes?\b/iu,
    'a time between two dates',
  ],
  [/\b(?:why|recommend\w*|suggest\w*|should)\b/iu, 'advice or reasons'],
  [
    /\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:nd|rd|th))[- ](?:most|least|best|worst|\p{L}+est)\b/iu,
    'one from the middle of an order',
  ],
  [/\bbest[- ]?sell\w*|\bworst[- ]?sell\w*|\bsells? (?:best|worst|most|least)\b/iu, 'what sells best'],
];

/**
 * What the question asks for beyond what the engine can say, in words; null where it asks for nothing of the kind. A
 * query that leaves it out would answer another question. A word that names a column or is a stored value asks for that.
 */
export function unsupportedIntent(analysis: Analysis): string | null {
  for (const [pattern, wish] of wishes) {
    const match = pattern.exec(analysis.question);
    if (match === null) continue;
    const at = analysis.tokens.findIndex((token) => token.end > match.index);
    const covers = (mention: { readonly start: number; readonly end: number }): boolean =>
      mention.start <= at && at < mention.end;
    if (analysis.tokens[at]?.kind === 'quoted') continue;
    if (analysis.columns.some((mention) => mention.weakest >= 0.85 && covers(mention))) continue;
    if (analysis.values.some((mention) => mention.match === 'exact' && covers(mention))) continue;
    return wish;
  }
  return null;
}
