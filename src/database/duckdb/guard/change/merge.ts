import { Refusal } from '../context.ts';
import type { Token } from '../syntax/lex.ts';
import { isSign } from '../syntax/tokens.ts';
import { assignments, valueText } from './assignments.ts';
import { type Clause, clausesOf, listItems } from './clauses.ts';
import { Reader, type Reading } from './reading.ts';

type Reads = Pick<Reading, 'queries' | 'columns' | 'fillsAll'>;

/** MERGE INTO t [AS a] USING s [AS b] ON … | USING (…) WHEN … THEN … [RETURNING …], from behind its verb. */
export function mergeReading(reader: Reader): Omit<Reading, 'verb'> {
  reader.expect('INTO');
  const { name: target, written } = reader.name();
  const [alias, using, condition, ...others] = clausesOf(reader.rest(), [
    { word: 'USING' },
    { word: 'ON' },
    { word: 'WHEN' },
    { word: 'RETURNING' },
  ]);
  if (using?.word !== 'USING' || condition === undefined || !/^(?:ON|USING)$/.test(condition.word)) {
    throw new Refusal('what MERGE compares is not understood');
  }
  const own = `${written} ${reader.text(alias?.tokens ?? [])}`;
  const source = reader.text(using.tokens);
  const sources = `${own}, ${source}`;
  const text = reader.text(condition.tokens);
  const join =
    condition.word === 'ON'
      ? `SELECT 1 FROM ${sources} WHERE (${text})`
      : `SELECT 1 FROM ${own} JOIN ${source} USING ${text}`;
  const reads = others.map((clause) => partOf(reader, sources, source, clause));
  return {
    target,
    queries: [join, ...reads.flatMap(({ queries }) => queries)],
    columns: reads.flatMap(({ columns }) => columns),
    fillsAll: reads.some(({ fillsAll }) => fillsAll),
  };
}

function partOf(reader: Reader, sources: string, source: string, { word, tokens }: Clause): Reads {
  if (word === 'RETURNING') {
    return { queries: [`SELECT ${reader.text(tokens)} FROM ${sources}`], columns: [], fillsAll: false };
  }
  if (word !== 'WHEN') {
    throw new Refusal(`${word} is not understood there`);
  }
  const [when, then, ...others] = clausesOf(tokens, [{ word: 'THEN' }]);
  const test = new Reader(reader.sql, when?.tokens ?? []);
  test.accept('NOT');
  test.expect('MATCHED');
  if (!test.accept('BY', 'SOURCE')) {
    test.accept('BY', 'TARGET');
  }
  const condition = test.accept('AND') ? [`SELECT 1 FROM ${sources} WHERE (${test.text(test.rest())})`] : [];
  if (condition.length === 0) {
    test.refuseRest();
  }
  if (then === undefined || others.length > 0) {
    throw new Refusal('what MERGE does is not understood');
  }
  const deed = actionOf(new Reader(reader.sql, then.tokens), sources, source);
  return { ...deed, queries: [...condition, ...deed.queries] };
}

/** DELETE, DO NOTHING, UPDATE or INSERT; an ERROR would tell a value in its words. */
function actionOf(reader: Reader, sources: string, source: string): Reads {
  const all: Reads = { queries: [`SELECT * FROM ${source}`], columns: [], fillsAll: true };
  if (reader.accept('DELETE') || reader.accept('DO', 'NOTHING')) {
    reader.refuseRest();
    return { queries: [], columns: [], fillsAll: false };
  }
  if (reader.accept('UPDATE')) {
    if (reader.accept('SET') && !isSign(reader.token, '*')) {
      const { values, columns } = assignments(reader, reader.rest());
      return { queries: [`SELECT ${values} FROM ${sources}`], columns, fillsAll: false };
    }
    return wholeRow(reader, all);
  }
  reader.expect('INSERT');
  const list = reader.nameList();
  const columns = list ?? [];
  if (reader.accept('DEFAULT', 'VALUES')) {
    reader.refuseRest();
    return { queries: [], columns, fillsAll: false };
  }
  if (reader.accept('VALUES')) {
    const rest = reader.rest();
    const row: readonly Token[] = isSign(rest[0], '(') && isSign(rest.at(-1), ')') ? rest.slice(1, -1) : [];
    const values = listItems(row).map((item) => valueText(reader, item));
    return { queries: [`SELECT ${values.join(', ')} FROM ${sources}`], columns, fillsAll: list === null };
  }
  const { queries, fillsAll } = wholeRow(reader, all);
  return { queries, columns, fillsAll };
}

/** `*`, BY NAME or BY POSITION, or nothing: all of the other table's columns. */
function wholeRow(reader: Reader, all: Reads): Reads {
  if (isSign(reader.token, '*')) {
    reader.at++;
  }
  if (!reader.accept('BY', 'NAME')) {
    reader.accept('BY', 'POSITION');
  }
  reader.refuseRest();
  return all;
}
