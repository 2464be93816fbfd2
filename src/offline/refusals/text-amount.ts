import type { Analysis } from '../analysis/analysis.ts';
import type { IndexedColumn } from '../schema-index/schema-index.ts';

const worked =
  /^(?:average|mean|avg|sum|total|highest|lowest|maximum|minimum|max|min|largest|smallest|biggest|greatest)$/u;
const numeric = /^[-+]?\d[\d.,' ]*$/u;

/** A column of texts of which a question wants a number worked out, and some of the texts. */
export interface TextAmount {
  readonly column: string;
  readonly samples: string;
}

/** The column whose amounts are kept as texts, and that `average`, `sum of` or `highest` leads to; null for none. */
export function textAmountOf(analysis: Analysis): TextAmount | null {
  const { columns, schemaIndex, tokens } = analysis;
  for (const [at, { lower }] of tokens.entries()) {
    if (!worked.test(lower)) {
      continue;
    }
    let next = at + 1;
    while (/^(?:of|the|all|our)$/u.test(tokens[next]?.lower ?? '')) {
      next++;
    }
    const named = columns
      .filter(({ start, weakest }) => start === next && weakest >= 0.85)
      .flatMap(({ id }) => schemaIndex.columns[id] ?? []);
    const [first] = named;
    if (first !== undefined && named.every((column) => areTexts(analysis, column))) {
      return { column: first.name, samples: samplesOf(analysis, first) };
    }
  }
  return null;
}

/** Why nothing is worked out of such a column, in a sentence. */
export const textAmountReason = ({ column, samples }: TextAmount): string =>
  `The column ${column} holds texts, such as ${samples}: no sum, average or order can be worked out of them.`;

const valuesOf = ({ lookup }: Analysis, { id }: IndexedColumn): readonly string[] =>
  (lookup.of(id) ?? []).filter((value) => value.trim() !== '');

/** Whether most texts of a column are numbers. */
function areTexts(analysis: Analysis, column: IndexedColumn): boolean {
  const values = column.class === 'text' ? valuesOf(analysis, column) : [];
  return values.length > 0 && values.filter((value) => numeric.test(value.trim())).length * 2 > values.length;
}

/** One text that is no number, one with a comma, or else the first two. */
function samplesOf(analysis: Analysis, column: IndexedColumn): string {
  const values = valuesOf(analysis, column);
  const odd = [
    values.find((value) => !numeric.test(value.trim())),
    values.find((value) => numeric.test(value.trim()) && value.includes(',')),
    ...values,
  ].flatMap((value) => (value === undefined ? [] : [`'${value}'`]));
  return [...new Set(odd)].slice(0, 2).join(', ');
}
