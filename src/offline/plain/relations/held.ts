import { spellingsOf } from '../../link/spellings.ts';
import type { Condition } from '../../query/tree.ts';
import { type End, type Ends, isRole } from '../../schema-index/ends.ts';
import { compare, joined } from '../conditions/conditions.ts';
import { along } from '../paths.ts';
import type { Context } from '../reading.ts';
import { thingsAt } from './roles.ts';

/** Something that ends hold, as a question names it. */
export interface Thing {
  readonly end: number;
  readonly cost: number;
  readonly held: (end: End) => Condition;
}

/** What is named at a place that ends of a kind hold. */
export function heldAt(context: Context, { all, target }: Ends, start: number): readonly Thing[] {
  const { analysis, lowers } = context;
  const at = start + (/^(?:the|a|an)$/u.test(lowers[start] ?? '') ? 1 : 0);
  if (target !== null) {
    return thingsAt(context, target, at).map(({ condition, end, cost }) => ({
      end,
      cost,
      held: ({ link }) =>
        link === null
          ? condition
          : along(analysis.schemaIndex, { to: target.id, steps: [{ link, up: true }] }, condition),
    }));
  }
  const own = new Set(all.map(({ column }) => column.id));
  const hits = context.names.valuesAt(at).filter(({ value }) => own.has(value.column));
  const longest = Math.max(...hits.map(({ end }) => end));
  const [hit] = hits.filter(({ end }) => end === longest);
  return hit === undefined
    ? []
    : [
        {
          end: hit.end,
          cost: hit.cost,
          held: ({ column }) =>
            joined(
              'or',
              [
                ...new Set([
                  ...hits
                    .filter(({ value, end }) => end === longest && value.column === column.id)
                    .map(({ value }) => value.text),
                  ...spellingsOf(analysis.lookup, column.id, hit.value.text),
                ]),
              ].map((text) => compare(column.id, '=', { kind: 'text', text })),
            ),
        },
      ];
}

/** The end that words at a place name: `home team`, `sender`, `destination`. */
export function namedAt(
  { analysis }: Context,
  { all, target }: Ends,
  at: number,
): { readonly named: End; readonly end: number } | null {
  const { tokens } = analysis;
  const found = all.flatMap((named) => {
    let end = at;
    let told = false;
    for (; end < tokens.length; end++) {
      const { lower = '', lemma = '' } = tokens[end] ?? {};
      const isTold = isRole(named, lower) || isRole(named, lemma);
      if (!isTold && !(target?.words.includes(lemma) === true)) {
        break;
      }
      told ||= isTold;
    }
    return told ? [{ named, end }] : [];
  });
  const [only] = found;
  return only === undefined || found.length > 1 ? null : only;
}
