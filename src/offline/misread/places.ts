import type { Analysis } from '../analysis/analysis.ts';
import { isForm } from '../language/form.ts';
import { numberWords } from '../language/lexicon.ts';
import type { SelectQuery } from '../query/tree.ts';
import { conditionsOf } from './wording.ts';

const ordinal = /^(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)$/u;
const places = ['second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

/** `the second product most expensive`: the second alone, and not the first two. */
export function firstForPlace({ tokens }: Analysis, { limit, offset }: SelectQuery): string | null {
  const place = tokens.find(({ lower }) => ordinal.test(lower))?.lower;
  const number = place === undefined ? 0 : places.indexOf(place) + 2;
  const isSaid = tokens.some(
    ({ lower, number: other }) =>
      lower !== place && (other === number || numberWords[lower] === number || lower === String(number)),
  );
  return place === undefined || limit !== number || offset !== undefined || isSaid
    ? null
    : `"${place}" asks for one row: say "the ${place} highest" or "the first ${number}".`;
}

const endsPeriod = /^(?:year|quarter|month|week|today|yesterday|(?:19|20)\d\d)$/u;

/** `were this year placed`: the year in which that was done, and not one in which another date of the rows falls. */
export function periodForOtherAct({ schemaIndex, tokens }: Analysis, { where }: SelectQuery): string | null {
  const conditions = conditionsOf(where);
  const compared = conditions.flatMap((condition) =>
    condition.kind === 'compare' || condition.kind === 'between' ? [condition.left.column ?? -1] : [],
  );
  for (const condition of conditions) {
    const column =
      condition.kind === 'null' && condition.negated ? schemaIndex.columns[condition.column] : undefined;
    const [word] = column?.ownWords ?? [];
    const at = word === undefined ? -1 : tokens.findIndex(({ lower }) => isForm(lower, word));
    const isOther = compared.some(
      (id) =>
        id !== column?.id &&
        schemaIndex.columns[id]?.class === 'date' &&
        schemaIndex.columns[id]?.table === column?.table,
    );
    if (at > 0 && isOther && endsPeriod.test(tokens[at - 1]?.lower ?? '')) {
      return `The period may be the one of ${column?.name ?? ''}, or of another date.`;
    }
  }
  return null;
}
