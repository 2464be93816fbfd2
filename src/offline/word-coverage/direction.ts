import type { Analysis } from '../analysis/analysis.ts';
import type { CueMention } from '../language/lexicon.ts';

/** Superlatives that speak of time: the first of them go back in time, the last forward. */
const back = /\b(?:oldest|eldest|earliest|first|longest)\b/u;
const forward = /\b(?:youngest|newest|latest|last|recent|recently)\b/u;

/** Words of columns in which what is older has the lower value: days, years and births. */
const isTime =
  /\b(?:date|day|time|year|birth|birthday|born|founded|built|opened|joined|hired|since|created|at)\b/u;

/**
 * Whether what a superlative asks for is the highest value of a column: the oldest has the highest age and the lowest
 * date of birth. `usual` is what the word says of amounts.
 */
export function pointsUp(
  analysis: Analysis,
  { start, end }: CueMention,
  column: number | null,
  usual: boolean,
): boolean {
  const entry = column === null ? undefined : analysis.schemaIndex.columns[column];
  if (entry === undefined) {
    return usual;
  }
  const words = analysis.tokens
    .slice(start, end)
    .map(({ lower }) => lower)
    .join(' ');
  const named = entry.words.join(' ');
  if (entry.class !== 'date' && (!isTime.test(named) || /\bage\b/u.test(named))) {
    return usual;
  }
  if (back.test(words)) {
    return false;
  }
  return forward.test(words) ? true : usual;
}
