import type { SqlDialect } from '../../database/dialect.ts';
import { dialectOf } from '../../database/engines.ts';
import type { Answer } from '../../model/answer.ts';
import type { ModelRequest, Note } from '../../model/model.ts';
import { writeIdentifier } from '../../schema/identifier.ts';
import { literalsOf, namePlaces } from '../../schema/literals.ts';
import type { Column, Schema, Table } from '../../schema/schema.ts';
import { fold } from '../link/values.ts';

/** A note whose meaning is arithmetic over columns of one table: a column that the table does not have. */
export interface Measure {
  readonly term: string;
  readonly meaning: string;
  /** The document that says so; null for a note. */
  readonly source: string | null;
  readonly table: Table;
  /** What the column is called while a question is read. */
  readonly name: string;
  /** The expression between its columns, and the columns; `pieces[i]` stands before `columns[i]`. */
  readonly pieces: readonly string[];
  readonly columns: readonly string[];
}

/** The notes that can be computed; a term that the schema has a name for stays what it is there. */
export function measuresOf(notes: readonly Note[], schema: Schema): readonly Measure[] {
  const taken = new Set(
    schema.tables.flatMap(({ name, columns }) => [name, ...columns.map((column) => column.name)]).map(lower),
  );
  return notes.flatMap((note) => {
    const name = (note.term.split('.').at(-1) ?? '')
      .trim()
      .replace(/[^\p{L}\p{N}]+/gu, '_')
      .toLowerCase();
    if (!/^\p{L}/u.test(name) || taken.has(name)) {
      return [];
    }
    const measure = parse(note, name, schema);
    if (measure !== null) {
      taken.add(name);
    }
    return measure ?? [];
  });
}

const lower = (text: string): string => text.toLowerCase();

/** Reads `a.x * a.y`, with SUM around it or not; null for any other text. */
function parse({ term, meaning, source }: Note, name: string, schema: Schema): Measure | null {
  const dialect = dialectOf(schema.dialect.engine);
  const text = meaning
    .replaceAll('×', '*')
    .replaceAll('÷', '/')
    .replaceAll('−', '-')
    .trim()
    .replace(/[.;]$/u, '');
  const expression = /^sum\s*\(([\s\S]*)\)$/iu.exec(text)?.[1]?.trim() ?? text;
  const places = namePlaces(expression, dialect);
  const literals = literalsOf(expression, dialect);
  if (places === null || literals === null || places.length === 0) {
    return null;
  }
  let at = 0;
  const pieces = places.map(({ start, end }) => {
    const piece = expression.slice(at, start);
    at = end;
    return piece;
  });
  pieces.push(expression.slice(at));
  if (!isArithmetic(pieces)) {
    return null;
  }
  const columns = places.map((place) => place.name);
  const owners = schema.tables.filter((table) =>
    places.every(({ qualifier, name: column }) => {
      const owner = qualifier?.replace(/^["`[]|["`\]]$/gu, '') ?? null;
      return (owner === null || lower(owner) === lower(table.name)) && columnOf(table, column) !== null;
    }),
  );
  const [table, ...others] = owners;
  if (table === undefined || others.length > 0) {
    return null;
  }
  const spelled = columns.map((column) => columnOf(table, column)?.name ?? column);
  return { term, meaning, source: source ?? null, table, name, pieces, columns: spelled };
}

/** Whether what stands between the columns joins them by arithmetic, its brackets closed. */
function isArithmetic(pieces: readonly string[]): boolean {
  const between = pieces.slice(1, -1);
  if (pieces.some((piece) => !/^[\s\d.+*/()-]*$/u.test(piece) || /--|\/\*|\*\//u.test(piece))) {
    return false;
  }
  if (between.some((piece) => !/[+*/-]/u.test(piece))) {
    return false;
  }
  let depth = 0;
  for (const sign of pieces.join('x')) {
    if (sign === '(') {
      depth += 1;
    }
    if (sign === ')') {
      depth -= 1;
    }
    if (depth < 0) {
      return false;
    }
  }
  return depth === 0;
}

function columnOf(table: Table, name: string): Column | null {
  return table.columns.find((column) => lower(column.name) === lower(name)) ?? null;
}

/** The schema with each measure as a number of its table. */
export function withMeasures(schema: Schema, measures: readonly Measure[]): Schema {
  if (measures.length === 0) {
    return schema;
  }
  return {
    ...schema,
    tables: schema.tables.map((table) => {
      const own = measures.filter((measure) => measure.table === table);
      return own.length === 0 ? table : { ...table, columns: [...table.columns, ...own.map(columnFor)] };
    }),
  };
}

function columnFor({ name }: Measure): Column {
  // Nothing is stored of it: nobody is to look for values.
  const rest = { default: null, identity: false, generated: null, comment: null, values: [] };
  return { name, type: 'numeric', nullable: true, ...rest };
}

/** SQL with the expression in the place of each measure. */
export function expandMeasures(sql: string, measures: readonly Measure[], dialect: SqlDialect): string {
  const places = measures.length === 0 ? [] : (namePlaces(sql, dialect) ?? []);
  return places.reduceRight((text, { start, end, qualifier, name }) => {
    const measure = measures.find((candidate) => candidate.name === name);
    if (measure === undefined) {
      return text;
    }
    const owner = qualifier === null ? '' : `${qualifier}.`;
    const written = measure.pieces.map((piece, index) => {
      const column = measure.columns[index];
      return column === undefined ? piece : `${piece}${owner}${writeIdentifier(dialect, column)}`;
    });
    const isAlone = text[start - 1] === '(' && text[end] === ')';
    const expression = written.join('').trim();
    return text.slice(0, start) + (isAlone ? expression : `(${expression})`) + text.slice(end);
  }, sql);
}

/**
 * An answer in the database's own columns, and what it takes each measure to mean. One that leaves out a measure that the
 * question names is none: the word has a meaning here, and the answer has given it another.
 */
export function withoutMeasures(
  answer: Answer,
  measures: readonly Measure[],
  { question, schema }: ModelRequest,
): Answer {
  if (answer.kind === 'unanswerable' || measures.length === 0) {
    return answer;
  }
  const dialect = dialectOf(schema.dialect.engine);
  const words = ` ${fold(question)} `;
  const named = measures.filter(({ term }) => words.includes(` ${fold(term.split('.').at(-1) ?? '')} `));
  const uses = (sql: string, { name, pieces, columns }: Measure): boolean => {
    const names = (namePlaces(sql, dialect) ?? []).map((place) => place.name);
    if (names.includes(name)) {
      return true;
    }
    // The engine knows some products by itself.
    const isProduct = pieces.join('').trim() === '*' && columns.length === 2;
    return isProduct && / \* /u.test(sql) && columns.every((column) => names.includes(column));
  };
  if (answer.kind === 'clarification') {
    const kept = answer.choices.filter(
      ({ sql }) => sql === null || named.every((measure) => uses(sql, measure)),
    );
    const choices = kept.map((choice) =>
      choice.sql === null ? choice : { ...choice, sql: expandMeasures(choice.sql, measures, dialect) },
    );
    return choices.length === 0 && answer.choices.length > 0 ? unread(named) : { ...answer, choices };
  }
  if (answer.kind !== 'sql') {
    return answer;
  }
  if (!named.every((measure) => uses(answer.sql, measure))) {
    return unread(named);
  }
  const sql = expandMeasures(answer.sql, measures, dialect);
  const noted = named.map(
    ({ term, meaning, source }) =>
      `${term} is ${meaning}, as ${source === null ? 'noted' : `${source} says`}`,
  );
  return { ...answer, sql, assumptions: [...answer.assumptions, ...noted] };
}

function unread(named: readonly Measure[]): Answer {
  const terms = named.map(({ term }) => term).join(' and ');
  const sources = named.flatMap(({ source }) => source ?? []);
  return {
    kind: 'unanswerable',
    reason: `It is noted what ${terms} means${sources.length === 0 ? '' : ` (${sources.join(', ')})`}, and the offline engine finds no interpretation of the question with that.`,
  };
}
