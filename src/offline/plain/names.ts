import type { Analysis } from '../analysis/analysis.ts';
import { stemOf } from '../language/lemma.ts';
import { stopWords } from '../language/lexicon.ts';
import { fold, type StoredValue } from '../link/values.ts';
import type { IndexedColumn, IndexedTable, SchemaIndex } from '../schema-index/schema-index.ts';
import { isTime } from '../time/kept.ts';
import { measuredAt, words } from './words.ts';

/** Words of a question up to `end` that name something; a cost above 0 says that they do so less than outright. */
export interface Hit {
  readonly id: number;
  readonly end: number;
  readonly cost: number;
}

/** Words that a name may have and a question leave out. */
const faint: ReadonlySet<string> = new Set(
  'id number no code on at date time cent cents km kg sqm eur usd gbp name type of the in a is has day per since'.split(
    ' ',
  ),
);
const units: ReadonlySet<string> = new Set('cent cents km kg sqm eur usd gbp'.split(' '));
const inside: ReadonlySet<string> = new Set(['of', 'the', 'a']);

/** What the words of one question name. */
export interface Names {
  columnsAt(table: number, at: number): readonly Hit[];
  tablesAt(at: number): readonly Hit[];
  valuesAt(
    at: number,
  ): readonly { readonly value: StoredValue; readonly end: number; readonly cost: number }[];
}

/** How far a name's words were found, which of them, and whether as they are or by their stems alone. */
interface Run {
  readonly end: number;
  readonly matched: ReadonlySet<string>;
  readonly outright: boolean;
}

export function namesOf(analysis: Analysis): Names {
  const { schemaIndex, tokens } = analysis;
  const lowers = tokens.map(({ lower }) => lower);
  const columns = new Map<string, readonly Hit[]>();
  const tables = new Map<number, readonly Hit[]>();
  const run = (at: number, own: readonly string[]): Run => {
    const matched = new Set<string>();
    let end = at;
    let outright = true;
    for (let index = at; index < Math.min(tokens.length, at + 6); index++) {
      const token = tokens[index];
      if (token === undefined || token.kind !== 'word') {
        break;
      }
      const word = own.find((each) => !matched.has(each) && isSame(token, each));
      if (word !== undefined) {
        matched.add(word);
        outright &&= token.lower === word || token.lemma === word;
        end = index + 1;
      } else if (index === at || !inside.has(token.lower)) {
        break;
      }
    }
    return { end, matched, outright };
  };
  // `timesheets` of a table whose name is cut into two words.
  const wholeName = (at: number, own: readonly string[]): Run => {
    const { lower = '', lemma = '' } = tokens[at] ?? {};
    const name = own.join('');
    return own.length > 1 && (lower === name || lemma === name)
      ? { end: at + 1, matched: new Set(own), outright: true }
      : run(at, own);
  };
  return {
    columnsAt(table, at) {
      const key = `${table} ${at}`;
      const known = columns.get(key);
      if (known !== undefined) {
        return known;
      }
      const own = ownColumns(schemaIndex, table);
      const found = own.flatMap((column): Hit[] => {
        const { end, matched } = run(at, column.words);
        const telling = column.ownWords.filter((word) => !faint.has(word));
        // `price_cents` of price_categories is a price, for all that its table is called so too.
        const isUnit = column.ownWords.length > 0 && column.ownWords.every((word) => units.has(word));
        const needed =
          telling.length > 0
            ? telling
            : isUnit
              ? column.words.filter((word) => !faint.has(word))
              : column.ownWords;
        if (end > at && needed.some((word) => matched.has(word))) {
          const missed = needed.filter((word) => !matched.has(word)).length;
          const rivals = own.filter(
            (other) => other.id !== column.id && [...matched].every((word) => other.words.includes(word)),
          );
          const exact = rivals.every(({ words: theirs }) => theirs.length >= column.words.length);
          if (missed === 0) {
            return [{ id: column.id, end, cost: rivals.length > 0 && !exact ? 0.3 : 0 }];
          }
          return rivals.length > 0 ? [] : [{ id: column.id, end, cost: 0.15 * missed }];
        }
        const synonym = analysis.columns.find(
          ({ id, start, score, weakest }) =>
            id === column.id && start === at && score >= 0.7 && weakest >= 0.78,
        );
        return synonym === undefined ? [] : [{ id: column.id, end: synonym.end, cost: 0.35 }];
      });
      const longest = Math.max(...found.map(({ end }) => end));
      const best = found
        .filter(({ end }) => end === longest)
        .map((hit) => {
          const again =
            isIdiom(tokens, hit.end) || isLength(schemaIndex.columns[hit.id], tokens[hit.end]?.lower);
          return { ...hit, end: again ? hit.end + 1 : hit.end };
        });
      columns.set(key, best);
      return best;
    },
    tablesAt(at) {
      const known = tables.get(at);
      if (known !== undefined) {
        return known;
      }
      const runs = schemaIndex.tables.map((table) => ({ table, ...wholeName(at, table.words) }));
      // `inspections` are no inspectors where both are kept.
      const named = runs.some(({ end, outright }) => end > at && outright);
      const found = runs.flatMap(({ table, end, matched, outright }): Hit[] => {
        if (named && end > at && !outright) {
          return [];
        }
        if (end > at && matched.size === table.words.length) {
          return [{ id: table.id, end, cost: 0 }];
        }
        const head = table.words.at(-1) ?? '';
        if (end > at && matched.has(head)) {
          const rivals = schemaIndex.tables.filter(
            (other) => other.id !== table.id && other.words.includes(head),
          );
          return [{ id: table.id, end, cost: rivals.length > 0 ? 0.45 : 0.2 }];
        }
        const synonym = analysis.tables.find(
          ({ id, start, score, weakest }) =>
            id === table.id && start === at && score >= 0.75 && weakest >= 0.78,
        );
        return synonym === undefined ? [] : [{ id: table.id, end: synonym.end, cost: 0.4 }];
      });
      const least = Math.min(...found.map(({ cost, end }) => cost - end));
      const best = found.filter(({ cost, end }) => cost - end <= least + 0.25);
      tables.set(at, best);
      return best;
    },
    valuesAt: (at) => {
      // `youngest` is nobody called Young.
      const extreme = measuredAt(lowers, at, 'most') === null ? null : lowers[at];
      const whole = analysis.values
        .filter(({ start, match }) => start === at && (match === 'exact' || match === 'code'))
        .filter(({ value, end }) => extreme === null || end > at + 1 || fold(value.text) === extreme)
        .map(({ value, end, match }) => ({ value, end, cost: match === 'exact' ? 0 : 0.05 }));
      return whole.length > 0 ? whole : personsAt(analysis, at);
    },
  };
}

/** `Okafor` for `Amaka Okafor`: the one person of a table whose name has that word. */
function personsAt(
  analysis: Analysis,
  at: number,
): readonly { readonly value: StoredValue; readonly end: number; readonly cost: number }[] {
  const token = analysis.tokens[at];
  if (token?.kind !== 'word' || token.lower.length < 4 || stopWords.has(token.lower)) {
    return [];
  }
  const { columns, tables } = analysis.schemaIndex;
  const named = analysis.lookup.containing(fold(token.text)).filter(({ column }) => {
    const table = tables[columns[column]?.table ?? -1];
    return table !== undefined && table.label === column && isPeople(analysis, table);
  });
  return named
    .filter(({ column }) => named.filter((other) => other.column === column).length === 1)
    .map((value) => ({ value, end: at + 1, cost: 0.1 }));
}

/** Whether `time` says again that a column is a length of time: `wait time` of `wait_sec`. */
const isLength = (column: IndexedColumn | undefined, next: string | undefined): boolean =>
  next === 'time' &&
  column?.words.some((word) => /^(?:second|minute|hour|millisecond|duration)$/u.test(word)) === true;

/** Whether a word only says again what the one before it names: `phone number`, `email address`. */
const isIdiom = (tokens: readonly { readonly lower: string }[], at: number): boolean =>
  (/^(?:phone|telephone|mobile|fax)$/u.test(tokens[at - 1]?.lower ?? '') &&
    /^numbers?$/u.test(tokens[at]?.lower ?? '')) ||
  (/^(?:e?mail|ip|web)$/u.test(tokens[at - 1]?.lower ?? '') &&
    /^address(?:es)?$/u.test(tokens[at]?.lower ?? ''));

function isSame(token: { readonly lower: string; readonly lemma: string }, word: string): boolean {
  if (token.lower === word || token.lemma === word) {
    return true;
  }
  const stem = stemOf(token.lemma);
  return stem.length >= 4 && stem === stemOf(word);
}

export const ownColumns = (schemaIndex: SchemaIndex, table: number): readonly IndexedColumn[] =>
  (schemaIndex.tables[table]?.columns ?? []).flatMap((id) => schemaIndex.columns[id] ?? []);

/** Whether a column is an amount and no key, code or truth. */
export function isQuantity({ schemaIndex }: Analysis, column: IndexedColumn): boolean {
  const refers = schemaIndex.links.some(({ left }) => left.includes(column.id));
  const isKey = refers || column.words.at(-1) === 'id';
  return column.class === 'number' && !isKey && !(column.primary && soleKeyOf(schemaIndex, column));
}

const soleKeyOf = (schemaIndex: SchemaIndex, column: IndexedColumn): boolean =>
  schemaIndex.tables[column.table]?.primaryKey.length === 1;

/** The columns by which people know a row: first and last name, a name or title, or the one text that tells rows apart. */
export function labelsOf(analysis: Analysis, table: IndexedTable): readonly number[] {
  const { schemaIndex, lookup } = analysis;
  const own = ownColumns(schemaIndex, table.id);
  const part = (name: RegExp): IndexedColumn | undefined =>
    own.find(({ words: all }) => name.test(all.join(' ')));
  const [first, last] = [part(/\b(?:first|given?|fore) ?name$/u), part(/\b(?:last|family|sur) ?name$/u)];
  // `name` beside `surname` is the first one.
  const given = first ?? own.find(({ ownWords }) => ownWords.join(' ') === 'name');
  if (given !== undefined && last !== undefined) {
    return [given.id, last.id];
  }
  const [street, house] = [part(/^(?:street|road)(?: name)?$/u), part(/^house (?:no|number)$/u)];
  if (street !== undefined && house !== undefined) {
    return [street.id, house.id];
  }
  const rows = Math.max(...own.map(({ id }) => lookup.of(id)?.length ?? 0));
  if (table.label !== null) {
    // A model or a description that many rows share tells them apart only with their key.
    const weak = /\b(?:model|description|label)$/u.test(
      schemaIndex.columns[table.label]?.words.join(' ') ?? '',
    );
    const shared = weak && (lookup.of(table.label)?.length ?? rows) < rows * 0.8;
    return shared ? [...table.primaryKey, table.label] : [table.label];
  }
  const texts = own.filter(
    (column) =>
      column.class === 'text' &&
      !isTime(analysis, column) &&
      !/\b(?:mail|email|phone|url|note|address|comment|house|postcode|zip|plz|password|hash)\b/u.test(
        column.words.join(' '),
      ) &&
      !schemaIndex.links.some(({ left }) => left.includes(column.id)),
  );
  const telling = texts.find(
    ({ id, words: all }) =>
      (lookup.of(id)?.length ?? 0) >= Math.max(2, rows * 0.8) && !/\bid\b/u.test(all.join(' ')),
  );
  return telling === undefined ? [] : [telling.id];
}

/** Who has a name and a birthday, and is nobody. */
const animals = /^(?:animal|pet|dog|puppy|cat|kitten|horse|pony|cow|sheep|goat|bird|bull)$/u;

/** Nouns of those who do something: `freelancer`. */
const doer = /\p{L}{2}(?:er|or|ist|ian|ee|ant)$/u;

/** Whether the rows of a table are people. */
export function isPeople({ schemaIndex }: Pick<Analysis, 'schemaIndex'>, table: IndexedTable): boolean {
  const own = ownColumns(schemaIndex, table.id).map(({ words: all }) => all.join(' '));
  if (table.words.some((word) => animals.test(word))) {
    return false;
  }
  const head = table.words.at(-1) ?? '';
  const reached = own.some((name) => /\b(?:phone|mobile|e?mail)\b/u.test(name));
  return (
    words.people.has(head) ||
    (doer.test(head) && !/^(?:center|theater|order)$/u.test(head) && own.includes('name') && reached) ||
    own.some((name) => /\b(?:first|last|full) ?name$/u.test(name)) ||
    (own.some((name) => /\bname$/u.test(name)) &&
      own.some((name) => /\b(?:born|birth|birthday|gender|sex|hired?)\b/u.test(name)))
  );
}

/** The stored texts of a column that are blank. */
export const blanksOf = ({ lookup }: Analysis, column: number): readonly string[] =>
  (lookup.of(column) ?? []).filter((text) => fold(text) === '' && text.trim() === '');
