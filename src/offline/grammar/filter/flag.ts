import codes from '../../../words/codes.json' with { type: 'json' };
import { type Analysis, distanceBefore } from '../../analysis/analysis.ts';
import { columnMentions } from '../../analysis/columns.ts';
import { type Literal, plain } from '../../query/tree.ts';
import { truthLiteral } from '../../query/truth.ts';
import type { Add } from './item.ts';

const yes = new Set(codes.yes);
const no = new Set(codes.no);

/** Columns that say yes or no, where the question names them as a property: `discontinued products`. */
export function flagItems(analysis: Analysis, add: Add): void {
  for (const mention of columnMentions(analysis)) {
    const column = analysis.schemaIndex.columns[mention.id];
    if (column === undefined || mention.score < 0.6) {
      continue;
    }
    const literals = flagLiterals(analysis, column.id);
    if (literals === null) {
      continue;
    }
    const denied =
      Math.min(
        distanceBefore(analysis, 'not', mention.start),
        distanceBefore(analysis, 'without', mention.start),
      ) < 4;
    for (const [literal, operator] of [
      [literals.yes, '='],
      [literals.no, '<>'],
    ] as const) {
      if (operator === '<>' && !denied) {
        continue;
      }
      add(
        { kind: 'compare', left: plain(column.id), operator: '=', right: literal },
        column.id,
        column.table,
        mention,
        { kind: operator === '=' ? 'value' : 'valueNot', match: 'code', operator },
      );
    }
  }
}

/** How a column writes yes and no; null where it does not say yes or no. */
function flagLiterals(analysis: Analysis, id: number): { yes: Literal; no: Literal } | null {
  const column = analysis.schemaIndex.columns[id];
  const text = (value: string): Literal => ({ kind: 'text', text: value });
  if (column?.class === 'boolean') {
    return {
      yes: truthLiteral(analysis.schemaIndex.dialect, true),
      no: truthLiteral(analysis.schemaIndex.dialect, false),
    };
  }
  if (column?.class !== 'text') {
    return null;
  }
  const values = analysis.lookup.of(id);
  if (values === null || values.length === 0 || values.length > 3) {
    return null;
  }
  const affirmed = values.find((value) => yes.has(value.toLowerCase()));
  const denied = values.find((value) => no.has(value.toLowerCase()));
  if (values.some((value) => !yes.has(value.toLowerCase()) && !no.has(value.toLowerCase()) && value !== '')) {
    return null;
  }
  if (affirmed === undefined && denied === undefined) {
    return null;
  }
  const upper = values.some((value) => value !== value.toLowerCase());
  return { yes: text(affirmed ?? (upper ? 'Y' : 'y')), no: text(denied ?? (upper ? 'N' : 'n')) };
}
