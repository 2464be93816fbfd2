import type { Row } from '../../database/database.ts';
import type { Doubt } from '../doubt.ts';
import { holdsRows } from '../holds-rows.ts';
import { grouped, type Look, type LookContext } from '../look.ts';
import type { ComparedValue, OtherReading } from '../other-reading.ts';
import { literalText, predicatesOf } from '../predicates.ts';
import { readSql } from '../read-sql.ts';
import { nameOf, nodeIn, nodesOf, walk } from '../sql-tree.ts';

/** Of longer answers it is not told whether they are the same. */
const mostRows = 1000;
/** A value this long is not quoted. */
const longestValue = 40;

/** Finds that the question, read by rules, asks for other rows than a model's SQL returns. */
export const lookForOtherReading: Look = async (context) => {
  const { readAgain, sql, wording } = context;
  if (readAgain === null || wording === null) {
    return [];
  }
  const reading = await readAgain(comparedValues(context));
  if (reading === null) {
    return [];
  }
  const [rows, others] = await Promise.all([
    context.probe(sql, mostRows + 1),
    context.probe(reading.sql, mostRows + 1),
  ]);
  // Of two long answers nobody has seen the ends.
  if (rows === null || others === null || (rows.length > mostRows && others.length > mostRows)) {
    return [];
  }
  const [own, wanted] = [await orderOf(context, sql), await orderOf(context, reading.sql)];
  // Where both order by the same, ties may still be broken otherwise.
  const ordered = wanted !== null && (own === null || wanted.some((name) => !own.includes(name)));
  return holdsRows(rows, others, { ordered }) ? [] : [doubtOf(reading, rows, others)];
};

/** The values that equalities of the statement name. */
function comparedValues({ scopes }: LookContext): readonly ComparedValue[] {
  return scopes.flatMap(predicatesOf).flatMap(({ resolved: { table, column }, literals, operator }) =>
    operator === '=' || operator === 'IN' || operator === 'LIKE'
      ? literals.map((literal) => ({
          schema: table.schema,
          table: table.name,
          column: column.name,
          text: literalText(literal),
        }))
      : [],
  );
}

/** The columns by which a statement orders all rows that it returns; null where it orders none, or cuts some off. */
async function orderOf({ dialect }: LookContext, sql: string): Promise<readonly string[] | null> {
  const root = (await readSql(sql, dialect))?.root ?? {};
  const order = nodesOf(root['orderby']);
  const isCut = nodesOf(nodeIn(root, 'limit')?.['value']).length > 0;
  return order.length === 0 || isCut
    ? null
    : order.flatMap((part) =>
        [...walk(part, { intoSelects: true })].flatMap((node) => nameOf(node['column'])?.toLowerCase() ?? []),
      );
}

function doubtOf({ sql, inWords }: OtherReading, rows: readonly Row[], others: readonly Row[]): Doubt {
  const meaning = inWords === null ? '' : ` It ${listed(inWords)}.`;
  return {
    kind: 'other-reading',
    sentence: `Read again by rules, without the model, the question asks for something else: ${difference(rows, others)}.${meaning}`,
    evidence: { rows: rows.length, otherRows: others.length, otherSql: sql },
    mendedSql: sql,
  };
}

/** What the other rows are, and what they are instead of. */
function difference(rows: readonly Row[], others: readonly Row[]): string {
  const [value, other] = [onlyValue(rows), onlyValue(others)];
  if (value !== null && other !== null) {
    return `${other}, not ${value}`;
  }
  if (rows.length !== others.length) {
    return `${counted(others.length)}, not ${counted(rows.length)}`;
  }
  const [width, otherWidth] = [rows[0]?.length ?? 0, others[0]?.length ?? 0];
  return width === otherWidth
    ? 'rows with other values'
    : `${otherWidth} ${otherWidth === 1 ? 'column' : 'columns'}, not ${width}`;
}

function onlyValue(rows: readonly Row[]): string | null {
  const [row] = rows;
  const text = rows.length === 1 && row?.length === 1 ? String(row[0]) : null;
  return text === null || text.length > longestValue ? null : text;
}

function counted(rows: number): string {
  const number = rows > mostRows ? `more than ${grouped(mostRows)}` : grouped(rows);
  return `${number} ${rows === 1 ? 'row' : 'rows'}`;
}

function listed(clauses: readonly string[]): string {
  const last = clauses.at(-1) ?? '';
  const before = clauses.slice(0, -1).join(', ');
  return before === '' ? last : `${before} and ${last}`;
}
