import { Refusal } from '../context.ts';
import type { Token } from '../syntax/lex.ts';
import { closingBracket, isIdentifier, isSign, keyword } from '../syntax/tokens.ts';
import { assignments } from './assignments.ts';
import { type Clause, clausesOf } from './clauses.ts';
import { mergeReading } from './merge.ts';
import { Reader, type Reading } from './reading.ts';

const verbs = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** Reads a statement that changes rows; null where its first words begin none. Throws a Refusal for what is not understood. */
export function readChange(sql: string, tokens: readonly Token[]): Reading | null {
  const start = keyword(tokens[0]) === 'WITH' ? behindWith(tokens) : 0;
  const verb = keyword(tokens[start]);
  if (!verbs.has(verb)) {
    return null;
  }
  const reader = new Reader(sql, tokens);
  const common = reader.text(tokens.slice(0, start));
  reader.at = start + 1;
  const withCtes = (query: string): string => `${common} ${query}`;
  const reading =
    verb === 'INSERT'
      ? insert(reader)
      : verb === 'UPDATE'
        ? update(reader)
        : verb === 'DELETE'
          ? remove(reader)
          : mergeReading(reader);
  return { ...reading, verb, queries: reading.queries.map(withCtes) };
}

/** WITH name [(columns)] AS [[NOT] MATERIALIZED] (…), …: the place of the word that follows the list. */
function behindWith(tokens: readonly Token[]): number {
  let at = keyword(tokens[1]) === 'RECURSIVE' ? 2 : 1;
  for (;;) {
    if (!isIdentifier(tokens[at])) {
      break;
    }
    const as = tokens.findIndex((token, index) => index > at && keyword(token) === 'AS');
    const open = tokens.findIndex((token, index) => index > as && isSign(token, '('));
    const close = as < 0 || open < 0 ? -1 : closingBracket(tokens, open);
    if (close < 0) {
      break;
    }
    at = close + 1;
    if (!isSign(tokens[at], ',')) {
      return at;
    }
    at++;
  }
  throw new Refusal('the list behind WITH can not be followed');
}

type Part = Omit<Reading, 'verb'>;

/** INSERT [OR REPLACE | OR IGNORE] INTO t [AS a] [BY NAME | BY POSITION] [(columns)] query [ON CONFLICT …] [RETURNING …] */
function insert(reader: Reader): Part {
  if (!reader.accept('OR', 'REPLACE')) {
    reader.accept('OR', 'IGNORE');
  }
  reader.expect('INTO');
  const { name: target, written } = reader.name();
  const from = reader.accept('AS') ? `${written} AS ${reader.name().written}` : written;
  const byName = reader.accept('BY', 'NAME');
  if (!byName) {
    reader.accept('BY', 'POSITION');
  }
  const list = reader.nameList();
  const clauses = clausesOf(reader.rest(), [{ word: 'ON', before: 'CONFLICT' }, { word: 'RETURNING' }]);
  const [rows, ...others] = clauses;
  const query = reader.text(rows?.tokens ?? []);
  const isDefault = /^DEFAULT\s+VALUES$/i.test(query);
  const reads = others.map((clause) =>
    clause.word === 'ON' ? onConflict(reader, from, clause) : returned(reader, from, clause),
  );
  return {
    target,
    fillsAll: !isDefault && (byName || list === null),
    queries: [...(isDefault ? [] : [query]), ...reads.flatMap(({ queries }) => queries)],
    columns: [...(list ?? []), ...reads.flatMap((read) => read.columns)],
  };
}

type Reads = Pick<Reading, 'queries' | 'columns'>;

/** ON CONFLICT [(columns)] [WHERE …] DO NOTHING | DO UPDATE SET … [WHERE …] */
function onConflict(reader: Reader, from: string, { tokens }: Clause): Reads {
  const inside = new Reader(reader.sql, tokens);
  inside.expect('CONFLICT');
  const columns = inside.nameList() ?? [];
  const [before, action] = clausesOf(inside.rest(), [{ word: 'DO' }]);
  const condition = before?.tokens ?? [];
  const queries: string[] = [];
  if (condition.length > 0) {
    if (keyword(condition[0]) !== 'WHERE') {
      throw new Refusal('what stands behind ON CONFLICT is not understood');
    }
    queries.push(`SELECT 1 FROM ${from} WHERE (${inside.text(condition.slice(1))})`);
  }
  const deed = new Reader(reader.sql, action?.tokens ?? []);
  if (deed.accept('NOTHING')) {
    deed.refuseRest();
    return { queries, columns };
  }
  deed.expect('UPDATE', 'SET');
  const [sets, where] = clausesOf(deed.rest(), [{ word: 'WHERE' }]);
  const set = assignments(deed, sets?.tokens ?? []);
  const test = where === undefined ? '' : ` WHERE (${deed.text(where.tokens)})`;
  return {
    queries: [...queries, `SELECT ${set.values} FROM ${from}, ${from} AS excluded${test}`],
    columns: [...columns, ...set.columns],
  };
}

/** RETURNING is a list of what is selected. */
function returned(reader: Reader, from: string, { tokens }: Clause): Reads {
  return { queries: [`SELECT ${reader.text(tokens)} FROM ${from}`], columns: [] };
}

/** UPDATE t [AS a] SET … [FROM …] [WHERE …] [RETURNING …] */
function update(reader: Reader): Part {
  const { name: target, written } = reader.name();
  reader.accept('AS');
  const alias = keyword(reader.token) === 'SET' ? null : reader.name().written;
  reader.expect('SET');
  const [sets, ...others] = clausesOf(reader.rest(), [
    { word: 'FROM', notBehind: ['DISTINCT'] },
    { word: 'WHERE' },
    { word: 'RETURNING' },
  ]);
  const { values, columns } = assignments(reader, sets?.tokens ?? []);
  const from = alias === null ? written : `${written} AS ${alias}`;
  return { target, columns, fillsAll: false, queries: queriesOver(reader, from, values, others, 'FROM') };
}

/** DELETE FROM t [AS a] [USING …] [WHERE …] [RETURNING …] */
function remove(reader: Reader): Part {
  reader.expect('FROM');
  const { name: target, written } = reader.name();
  const [alias, ...others] = clausesOf(reader.rest(), [
    { word: 'USING' },
    { word: 'WHERE' },
    { word: 'RETURNING' },
  ]);
  const from = `${written} ${reader.text(alias?.tokens ?? [])}`;
  return { target, columns: [], fillsAll: false, queries: queriesOver(reader, from, '1', others, 'USING') };
}

/** What a change reads of its own table and of others, and what it hands back. */
function queriesOver(
  reader: Reader,
  from: string,
  values: string,
  clauses: readonly Clause[],
  othersWord: string,
): readonly string[] {
  const words = clauses.map(({ word }) => word);
  if (new Set(words).size !== words.length) {
    throw new Refusal('a part of it stands there twice');
  }
  const textOf = (word: string): string | null => {
    const found = clauses.find((clause) => clause.word === word);
    return found === undefined ? null : reader.text(found.tokens);
  };
  const others = textOf(othersWord);
  const where = textOf('WHERE');
  const sources = others === null ? from : `${from}, ${others}`;
  const queries = [`SELECT ${values} FROM ${sources}${where === null ? '' : ` WHERE (${where})`}`];
  const back = textOf('RETURNING');
  return back === null ? queries : [...queries, `SELECT ${back} FROM ${sources}`];
}
