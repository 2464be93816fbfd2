import { sentencesOf } from './notes.ts';
import type { RawColumn, TableRequest } from './raw-table.ts';
import { literal, name, type Sql, valueOfQuery } from './sql.ts';
import { mixedSentences, withToldTexts } from './told-columns.ts';
import { subtotalSentences, totalRowOf } from './total.ts';
import { isMisfit, misfit, plainValue, strictValue } from './types/column-sql.ts';
import { isOpenOrder } from './types/date-order.ts';
import { type ColumnPlan, type PlanContext, planColumns } from './types/plan.ts';
import { textReader } from './types/reader.ts';

/** So many rows of a file say first what its columns are; all of them are looked at before anybody relies on it. */
const sampleCells = 40_000;
const mostSampleRows = 2048;

/** Makes a table of typed columns, without a total below its rows. Gives back what it assumed, in whole sentences. */
export async function makeTable(sql: Sql, asked: TableRequest): Promise<readonly string[]> {
  const request = { ...asked, raw: await withToldTexts(sql, asked.raw, asked.told) };
  const { raw, isView, schema, name: table, hidden } = request;
  const assumed = await madeTable(sql, request);
  if (isView) {
    return assumed;
  }
  if (raw.columns.some(({ from }) => from !== 'text')) {
    return [...assumed, ...(await mixedSentences(sql, request, hidden))];
  }
  const total = await totalRowOf(sql, request);
  const others = await subtotalSentences(sql, request, total === null ? 0 : 1);
  if (total === null) {
    return [...assumed, ...others];
  }
  const looks = `${raw.label}: the last row looks like a total (${total.shown})`;
  if (!total.isSum) {
    return [
      ...assumed,
      ...others,
      `${looks}, and is a row of the table, as its numbers are not the sums of those above.`,
    ];
  }
  // What stands above it may be of another type without it, such as dates.
  const relation = `(SELECT * FROM ${raw.relation} QUALIFY row_number() OVER () <= ${total.above})`;
  await sql.rows(`DROP TABLE ${name(schema)}.${name(table)}`);
  const without = await madeTable(sql, { ...request, raw: { ...raw, relation } });
  return [...without, ...others, `${looks}: it is left out, as its numbers are the sums of those above.`];
}

async function madeTable(sql: Sql, request: TableRequest): Promise<readonly string[]> {
  const { raw } = request;
  const texts = raw.columns.flatMap((column) => (column.from === 'file' ? [] : [column.name]));
  const sampleRows = Math.max(
    200,
    Math.min(mostSampleRows, Math.floor(sampleCells / Math.max(texts.length, 1))),
  );
  const sample = 'sqlq_sample';
  await sql.rows(`CREATE OR REPLACE TEMP TABLE ${sample} AS FROM ${raw.relation} LIMIT ${sampleRows}`);
  const first = await planColumns(sql, sample, texts, contextOf(request));
  const isWhole = Number(await valueOfQuery(sql, `SELECT count(*) FROM ${sample}`)) < sampleRows;
  await sql.rows(`DROP TABLE ${sample}`);
  const plans = isWhole || !first.some(isOpen) ? first : await replan(sql, request, first);
  return (await created(sql, request, plans)) ?? (await mended(sql, request, isWhole ? plans : first));
}

function contextOf({ raw, told, decimal }: TableRequest): PlanContext {
  const from = (source: RawColumn['from']): ReadonlySet<string> =>
    new Set(raw.columns.flatMap((column) => (column.from === source ? [column.name] : [])));
  return {
    told,
    decimal,
    usual: raw.usualDecimal ?? null,
    strings: from('strings'),
    doubles: from('doubles'),
  };
}

/** Whether what a sample says of a column needs the rest of the rows, for what is to be said of it or because it says nothing. */
function isOpen(plan: ColumnPlan): boolean {
  const { kind } = plan;
  return (
    plan.values === 0 ||
    plan.told !== null ||
    plan.mostly !== null ||
    plan.missing > 0 ||
    plan.hasBothMarks ||
    plan.units.length > 0 ||
    (kind.kind === 'number' && kind.marks.isGuess) ||
    isOpenOrder(kind)
  );
}

/** Plans anew from all rows; a column that a sample shows to be text is text. */
async function replan(
  sql: Sql,
  request: TableRequest,
  before: readonly ColumnPlan[],
): Promise<readonly ColumnPlan[]> {
  const unsettled = before.filter((plan) => plan.reader !== textReader || isOpen(plan));
  const after = await planColumns(
    sql,
    request.raw.relation,
    unsettled.map(({ column }) => column),
    contextOf(request),
  );
  return before.map((plan) => after.find(({ column }) => column === plan.column) ?? plan);
}

/** Makes the table where every value is of its column's type; null where one is not. */
async function created(
  sql: Sql,
  request: TableRequest,
  plans: readonly ColumnPlan[],
): Promise<readonly string[] | null> {
  const { raw, isView, schema, name: table } = request;
  const byName = new Map(plans.map((plan) => [plan.column, plan]));
  const queryOf = (write: (plan: ColumnPlan) => string): string => {
    const columns = raw.columns.map((column) => {
      const plan = byName.get(column.name);
      return plan === undefined ? name(column.name) : `${write(plan)} AS ${name(column.name)}`;
    });
    return `SELECT ${columns.join(', ')} FROM ${raw.relation}`;
  };
  const query = queryOf(strictValue);
  const place = `${name(schema)}.${name(table)}`;
  try {
    if (isView) {
      const typed = plans.filter(({ reader }) => reader !== textReader);
      if (typed.length > 0) {
        const each = typed.map(({ column }) => `count(${name(column)})`);
        await sql.rows(`SELECT ${each.join(', ')} FROM (${query})`);
      }
      // Every value is known to fit by now, and the guard knows what only computes.
      await sql.rows(`CREATE VIEW ${place} AS ${queryOf(plainValue)}`);
    } else {
      await sql.rows(`CREATE TABLE ${place} AS ${query}`);
    }
  } catch (error) {
    if (error instanceof Error && error.message.includes(misfit)) {
      return null;
    }
    throw error;
  }
  await comment(sql, request, byName);
  const told = plans.filter(({ column }) => !request.hidden.hides(schema, table, column));
  return sentencesOf(sql, { label: raw.label, table, relation: raw.relation, place }, told);
}

/** Looks at all rows again where a sample was not like the rest, and leaves as text what no type fits. */
async function mended(
  sql: Sql,
  request: TableRequest,
  before: readonly ColumnPlan[],
): Promise<readonly string[]> {
  const plans = await replan(sql, request, before);
  const typed = plans.filter(({ reader, told }) => reader !== textReader && told === null);
  const counts = typed.map((plan) => `count(*) FILTER (WHERE ${isMisfit(plan, plan.reader)})`);
  const [row = []] =
    counts.length === 0 ? [] : await sql.rows(`SELECT ${counts.join(', ')} FROM ${request.raw.relation}`);
  const misfits = new Set(
    typed.flatMap(({ column }, index) => (Number(row[index] ?? 0) > 0 ? [column] : [])),
  );
  const safe = plans.map((plan): ColumnPlan => {
    if (!misfits.has(plan.column) || plan.kind.kind === 'text') {
      return plan;
    }
    return { ...plan, reader: textReader, mostly: plan.kind, doubted: plan.reader };
  });
  const made = await created(sql, request, safe);
  if (made === null) {
    throw new Error(`${request.raw.label} changed while it was read`);
  }
  return made;
}

async function comment(
  sql: Sql,
  { raw, isView, schema, name: table }: TableRequest,
  plans: ReadonlyMap<string, ColumnPlan>,
): Promise<void> {
  const place = `${name(schema)}.${name(table)}`;
  await sql.rows(`COMMENT ON ${isView ? 'VIEW' : 'TABLE'} ${place} IS ${literal(raw.label)}`);
  for (const column of raw.columns) {
    const units = plans.get(column.name)?.reader === textReader ? [] : (plans.get(column.name)?.units ?? []);
    const texts = [
      ...(column.comment === null ? [] : [column.comment]),
      ...units.map((each) => `in ${each}`),
    ];
    if (texts.length > 0) {
      await sql.rows(`COMMENT ON COLUMN ${place}.${name(column.name)} IS ${literal(texts.join('; '))}`);
    }
  }
}
