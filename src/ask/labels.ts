import { dialectOf } from '../database/engines.ts';
import { type Literal, literalsOf } from '../schema/literals.ts';
import type { Schema } from '../schema/schema.ts';
import { assumptionOf, type Spelling, withStored } from '../schema/spelling.ts';
import type { AskContext } from './context.ts';

/** A model's SQL and what it takes for granted. */
interface Written {
  readonly sql: string;
  readonly assumptions: readonly string[];
}

/**
 * SQL in which a text that can only mean one label of an ENUM column is that label: some engines refuse to plan any other.
 * Labels are of the schema, and nothing is looked up.
 */
export async function withLabels(
  { doubts, generation, turn }: AskContext,
  schema: Schema,
  question: string,
  { sql, assumptions }: Written,
): Promise<Written> {
  if (doubts === null || doubts.strict || generation.readsValues) {
    return { sql, assumptions };
  }
  const dialect = dialectOf(schema.dialect.engine);
  const unknown = (literalsOf(sql, dialect) ?? []).flatMap((literal) => labelsFor(literal, schema) ?? []);
  if (unknown.length === 0) {
    return { sql, assumptions };
  }
  const [{ meantValues }, { readQuestion }] = await Promise.all([
    import('../doubts/values/meant.ts'),
    import('../doubts/question.ts'),
  ]);
  const asked = readQuestion(question);
  const spellings = unknown.flatMap(({ text, column, place, labels }): readonly Spelling[] => {
    const [stored, other] = meantValues(text, labels, asked, []);
    const assumption = assumptionOf(text, stored ?? '', place);
    return stored === undefined || other !== undefined || turn.rejected.includes(assumption)
      ? []
      : [{ asked: text, stored, columns: [column], assumption }];
  });
  return {
    sql: withStored(sql, spellings, dialect),
    assumptions: [...assumptions, ...new Set(spellings.map(({ assumption }) => assumption))],
  };
}

/** The labels of the only ENUM column that a text can be compared with, where it is none of them. */
function labelsFor({ kind, role, value, column }: Literal, schema: Schema) {
  if (kind !== 'text' || role !== 'compared' || column === null) {
    return null;
  }
  const named = schema.tables.flatMap((table) =>
    table.columns
      .filter(({ name }) => name.toLowerCase() === column.name.toLowerCase())
      .map(({ name, values }) => ({ place: `${table.name}.${name}`, labels: values })),
  );
  const [only] = named;
  if (only === undefined || only.labels === null || named.length > 1 || only.labels.includes(value)) {
    return null;
  }
  return { text: value, column: column.name, place: only.place, labels: only.labels };
}
