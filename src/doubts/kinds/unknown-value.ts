import type { Doubt } from '../doubt.ts';
import { columnText, grouped, isText, type Look, type LookContext, overTable, tableText } from '../look.ts';
import { fold, likeness, nearestValues } from '../nearest-value.ts';
import {
  hasAggregate,
  isTextLiteral,
  literalText,
  type Predicate,
  predicatesOf,
  shown,
} from '../predicates.ts';
import type { Node } from '../sql-tree.ts';
import { synonyms } from '../synonyms.ts';

/** How many different values of a column are read to find one that is near. */
const valueLimit = 2000;
/** How many values are shown where a column has no more. */
const shownLimit = 25;

/** Finds literals that no row of their own column has, and the stored values that they may mean. */
export const lookForUnknownValues: Look = async (context) => {
  const doubts: Doubt[] = [];
  for (const scope of context.scopes) {
    for (const predicate of predicatesOf(scope)) {
      if (!['=', 'IN', 'LIKE', 'ILIKE', 'GLOB'].includes(predicate.operator)) {
        continue;
      }
      if (hasAggregate(predicate.subject)) {
        continue;
      }
      for (const literal of predicate.literals) {
        const doubt = await lookUp(context, predicate, literal);
        if (doubt !== null) {
          doubts.push(doubt);
        }
      }
    }
  }
  return doubts;
};

async function lookUp(context: LookContext, predicate: Predicate, literal: Node): Promise<Doubt | null> {
  const { table, column } = predicate.resolved;
  const text = literalText(literal);
  if (literal['type'] === 'bool' || text === '') {
    return null;
  }
  const subject = overTable(context, predicate.subject, predicate.scope);
  const from = tableText(context, table);
  const operator = predicate.operator === 'IN' ? '=' : predicate.operator;
  const wanted = context.tree.writeExpression(literal);
  const found = await context.probe(`SELECT 1 FROM ${from} WHERE ${subject} ${operator} ${wanted}`, 1);
  if (found === null || found.length > 0) {
    return null;
  }
  const isPattern = operator !== '=';
  if (isPattern && /^[%_*?]*$/u.test(text)) {
    return null;
  }

  const values = await context.probe(
    `SELECT ${subject} AS v, COUNT(*) AS n FROM ${from} WHERE ${subject} IS NOT NULL GROUP BY ${subject} ORDER BY COUNT(*) DESC`,
    valueLimit,
  );
  // An empty table makes every literal unknown, and says so by itself.
  if (values === null || values.length === 0) {
    return null;
  }
  const read = values.map(([value]) => String(value));
  const stored = read.length < valueLimit ? read : [...(await likeIn(context, subject, from, text)), ...read];
  const isYear = /^(?:1[5-9]|2\d)\d\d$/u.test(text) && predicate.subject['type'] !== 'column_ref';
  const where = `${isYear ? 'the year of ' : ''}${table.name}.${column.name}`;
  const label = isPattern ? null : await labelOf(context, predicate, text);
  const candidates =
    label === null
      ? isPattern
        ? patternsFor(text, stored)
        : isTextLiteral(literal) || isText(column.type) || looksLikeYear(text)
          ? nearestOf(text, stored)
          : []
      : [label.key];
  const [best] = candidates;
  const near = candidates.slice(0, 3).map((value) => `'${value}'`);
  const rest =
    label !== null
      ? ` '${label.text}' is the label of ${where} = ${label.key}.`
      : near.length > 0
        ? ` Near it: ${near.join(', ')}.`
        : stored.length <= shownLimit
          ? ` Its values: ${stored.map((value) => `'${value}'`).join(', ')}.`
          : await rangeOf(context, subject, from, stored.length);
  return {
    kind: 'unknown-value',
    sentence: `No row has ${where} ${isPattern ? 'like' : '='} ${shown(literal)}${predicate.negated ? ', so nothing is left out by it' : ''}.${rest}`,
    evidence: {
      column: where,
      literal: text,
      nearest: candidates.slice(0, 5),
      values: stored.length <= shownLimit ? stored : null,
      distinct: stored.length,
    },
    mendedSql:
      best === undefined
        ? null
        : context.tree.write(new Map([[literal, { ...literal, value: valueFor(literal, best) }]])),
  };
}

/**
 * Values of a column with too many to read, that begin or end as a text does: one slip of the pen leaves one of both as it
 * was. Case, accents and blanks at the ends aside, where the letters are plain.
 */
async function likeIn(
  context: LookContext,
  subject: string,
  from: string,
  text: string,
): Promise<readonly string[]> {
  const folded = text.trim().toLowerCase();
  const ends = [`${folded.slice(0, 3)}%`, `%${folded.slice(-3)}`].filter((end) =>
    /^%?[a-z0-9 ]{3}%?$/u.test(end),
  );
  if (folded.length < 5 || ends.length === 0) {
    return [];
  }
  const lower = `LOWER(TRIM(${subject}))`;
  const condition = ends.map((end) => `${lower} LIKE ${context.dialect.writeText(end)}`).join(' OR ');
  const rows = await context.probe(`SELECT DISTINCT ${subject} FROM ${from} WHERE ${condition}`, valueLimit);
  return (rows ?? []).map(([value]) => String(value));
}

/** Stored values near a literal; of years and dates those whose other digits are the same, else the nearest in time. */
function nearestOf(text: string, stored: readonly string[]): readonly string[] {
  if (!/^\d{4}(?:\D|$)/u.test(text)) {
    return nearestValues(text, stored, synonyms).map(({ value }) => value);
  }
  const year = (value: string): number => Number(value.slice(0, 4));
  const rest = (value: string): string => value.slice(4);
  return stored
    .filter((value) => /^\d{4}(?:\D|$)/u.test(value))
    .map((value) => ({
      value,
      far: (rest(value) === rest(text) ? 0 : 10_000) + Math.abs(year(value) - year(text)),
    }))
    .sort((a, b) => a.far - b.far)
    .map(({ value }) => value);
}

function valueFor(literal: Node, text: string): string | number {
  return literal['type'] === 'number' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function looksLikeYear(text: string): boolean {
  return /^(?:1[5-9]|2\d)\d\d$/u.test(text);
}

/** Patterns with the spelling of a stored value in place of the literal's, for one that matches nothing. */
function patternsFor(pattern: string, stored: readonly string[]): readonly string[] {
  const core = pattern.replaceAll(/^[%*]+|[%*]+$/gu, '');
  if (/[%_*?]/u.test(core)) {
    return [];
  }
  const year = /^\d{4}(?=\D|$)/u.exec(core)?.[0];
  if (year !== undefined) {
    const years = [...new Set(stored.flatMap((value) => /^\d{4}(?=\D|$)/u.exec(value)?.[0] ?? []))];
    return nearestOf(year, years).map((other) => pattern.replace(year, other));
  }
  const found = stored.flatMap((value) => {
    const place = findFolded(value, core);
    if (place !== null) {
      return [{ core: place, likeness: 1 }];
    }
    const words = [value, ...value.split(/[^\p{L}\p{N}]+/u)];
    return words.map((word) => ({ core: word, likeness: likeness(core, word, () => []) }));
  });
  const best = found
    .filter(({ core: other, likeness: likely }) => likely >= 0.6 && fold(other) !== '')
    .sort((a, b) => b.likeness - a.likeness);
  return [...new Set(best.map(({ core: other }) => pattern.replace(core, () => other)))];
}

/** The part of a value that reads as a text but for case and accents. */
function findFolded(value: string, wanted: string): string | null {
  const one = (letter: string): string =>
    letter
      .normalize('NFD')
      .replaceAll(/\p{Mark}/gu, '')
      .toLowerCase();
  const letters = [...value];
  const folded = letters.map(one);
  const target = [...wanted].map(one).join('');
  for (let start = 0; start < letters.length; start += 1) {
    let text = '';
    for (let end = start; end < letters.length && text.length < target.length; end += 1) {
      text += folded[end] ?? '';
      if (text === target) {
        return letters.slice(start, end + 1).join('');
      }
    }
  }
  return null;
}

/** The key of a look-up table's row that has the literal as its label, where the column refers to one. */
async function labelOf(
  context: LookContext,
  { resolved: { table, column }, subject }: Predicate,
  text: string,
): Promise<{ readonly key: string; readonly text: string } | null> {
  if (subject['type'] !== 'column_ref') {
    return null;
  }
  for (const { columns, references } of table.foreignKeys) {
    if (columns.length !== 1 || columns[0] !== column.name) {
      continue;
    }
    const target = context.schema.tables.find(
      ({ schema, name }) => schema === references.schema && name === references.table,
    );
    const [key] = references.columns;
    if (target === undefined || key === undefined) {
      continue;
    }
    for (const label of target.columns) {
      if (label.name === key || !isText(label.type)) {
        continue;
      }
      const [k, l] = [key, label.name].map((name) => columnText(context, name));
      const rows = await context.probe(
        `SELECT ${k}, ${l} FROM ${tableText(context, target)} WHERE LOWER(${l}) = ${context.dialect.writeText(text.toLowerCase())}`,
        2,
      );
      const [row] = rows ?? [];
      if (rows?.length === 1 && row !== undefined) {
        return { key: String(row[0]), text: String(row[1]) };
      }
    }
  }
  return null;
}

async function rangeOf(
  context: LookContext,
  subject: string,
  from: string,
  distinct: number,
): Promise<string> {
  const [row] = (await context.probe(`SELECT MIN(${subject}), MAX(${subject}) FROM ${from}`, 1)) ?? [];
  if (row === undefined || row[0] === null) {
    return '';
  }
  const count = distinct >= valueLimit ? `${grouped(valueLimit)} or more` : grouped(distinct);
  return ` It has ${count} different values, from ${String(row[0])} to ${String(row[1])}.`;
}
