import type { SchemaIndex } from '../schema-index/schema-index.ts';
import { writeSql } from './sql.ts';
import type {
  Aggregate,
  Comparison,
  Condition,
  DatePart,
  Expression,
  Join,
  Literal,
  SelectQuery,
} from './tree.ts';

/**
 * Reads back a SELECT of the shapes that `writeSql` writes; white space, case of keywords and a semicolon at the end do
 * not matter. Null for every other statement: what is read says all that the text says, or nothing.
 */
export function readSql(schemaIndex: SchemaIndex, sql: string): SelectQuery | null {
  try {
    const reader = new Reader(schemaIndex, tokensOf(sql));
    const query = reader.statement();
    return same(writeSql(schemaIndex, query), sql) ? query : null;
  } catch (error) {
    if (error instanceof Unread) return null;
    throw error;
  }
}

/** Two texts that differ in white space and the case of words alone; quoted texts must be the same. */
function same(a: string, b: string): boolean {
  const plain = (sql: string): string =>
    tokensOf(sql)
      .map((token) => (/^['"`]/u.test(token) ? token : token.toLowerCase()))
      .join(' ');
  return plain(a) === plain(b);
}

class Unread extends Error {}

const pattern =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\d+(?:\.\d+)?|[\p{L}_][\p{L}\p{N}_$]*|<>|<=|>=|!=|\|\||\S/gu;

function tokensOf(sql: string): string[] {
  return [...sql.replace(/;\s*$/u, '').matchAll(pattern)].map(([token]) => token);
}

const aggregates: readonly Aggregate[] = ['count', 'sum', 'avg', 'min', 'max'];
const dateParts: readonly DatePart[] = ['year', 'quarter', 'month', 'week', 'day'];

class Reader {
  private readonly schemaIndex: SchemaIndex;
  private readonly tokens: readonly string[];
  private at = 0;
  /** Tables of the query that is read. */
  private tables: number[] = [];

  constructor(schemaIndex: SchemaIndex, tokens: readonly string[]) {
    this.schemaIndex = schemaIndex;
    this.tokens = tokens;
  }

  statement(): SelectQuery {
    const query = this.select();
    if (this.at < this.tokens.length) throw new Unread();
    return query;
  }

  private select(): SelectQuery {
    const outer = this.tables;
    this.expect('select');
    const distinct = this.accept('distinct');
    const listStart = this.at;
    // The columns can be told only once the tables are known.
    this.skipTo('from');
    this.expect('from');
    const from = this.table();
    this.tables = [from];
    const joins: Join[] = [];
    while (this.accept('join')) joins.push(this.join());
    const bodyStart = this.at;
    this.at = listStart;
    const parts = new Map<number, DatePart>();
    const select = this.list(() => this.item(parts));
    this.at = bodyStart;
    const where = this.accept('where') ? this.condition() : null;
    const group = this.acceptBy('group') ? this.list(() => this.groupColumn(parts)) : [];
    const having = this.accept('having') ? this.condition() : null;
    const order = this.acceptBy('order') ? this.list(() => this.order(parts)) : [];
    const limit = this.accept('limit') ? Number(this.next()) : null;
    this.tables = outer;
    return {
      kind: 'select',
      distinct,
      select,
      from,
      joins,
      where,
      group,
      having,
      order,
      limit,
      ...(parts.size > 0 ? { parts } : {}),
    };
  }

  private item(parts: Map<number, DatePart>): Expression {
    const part = this.datePart();
    if (part === null) return this.expression();
    parts.set(part.column, part.part);
    this.expect('as');
    this.next();
    return { aggregate: null, distinct: false, column: part.column };
  }

  private groupColumn(parts: ReadonlyMap<number, DatePart>): number {
    const part = this.datePart();
    if (part === null) return this.column();
    if (parts.get(part.column) !== part.part) throw new Unread();
    return part.column;
  }

  private order(parts: ReadonlyMap<number, DatePart>): SelectQuery['order'][number] {
    const part = this.datePart();
    if (part !== null && parts.get(part.column) !== part.part) throw new Unread();
    const by = part === null ? this.expression() : { aggregate: null, distinct: false, column: part.column };
    const descending = this.accept('desc');
    if (this.accept('nulls')) this.next();
    return { by, descending };
  }

  /** A part of a date column of these tables, in the very words that it is written with. */
  private datePart(): { column: number; part: DatePart } | null {
    const dates = this.schemaIndex.columns.filter(
      ({ class: kind, table }) => kind === 'date' && this.tables.includes(table),
    );
    for (const { id, table } of dates)
      for (const part of dateParts)
        for (const joins of [[], [{ table: table === 0 ? 1 : 0, on: [] }]]) {
          if (joins.length > 0 && this.schemaIndex.tables.length < 2) continue;
          const plain = { aggregate: null, distinct: false, column: id };
          const written = writeSql(this.schemaIndex, {
            kind: 'select',
            distinct: false,
            select: [plain],
            from: table,
            joins,
            where: null,
            group: [],
            having: null,
            order: [],
            limit: null,
            parts: new Map([[id, part]]),
          });
          const words = tokensOf(written);
          const text = words.slice(1, words.indexOf('AS'));
          if (
            text.every((word, index) => this.tokens[this.at + index]?.toLowerCase() === word.toLowerCase())
          ) {
            this.at += text.length;
            return { column: id, part };
          }
        }
    return null;
  }

  private expression(): Expression {
    const word = this.peek().toLowerCase();
    const aggregate = aggregates.find((name) => name === word);
    if (aggregate !== undefined && this.tokens[this.at + 1] === '(') {
      this.at += 2;
      const distinct = this.accept('distinct');
      const first = this.accept('*') ? null : this.summed();
      const product = first !== null && this.accept('*') ? { column: this.summed(), times: first } : null;
      this.expect(')');
      return { aggregate, distinct, ...(product ?? { column: first }) };
    }
    if (this.accept('*')) return { aggregate: null, distinct: false, column: null };
    if (this.tokens[this.at + 1] === '.' && this.tokens[this.at + 2] === '*') {
      this.at += 3;
      return { aggregate: null, distinct: false, column: null };
    }
    return { aggregate: null, distinct: false, column: this.column() };
  }

  /** PostgreSQL adds numbers that are stored as text only after a cast. */
  private summed(): number {
    if (!this.accept('cast')) return this.column();
    this.expect('(');
    const column = this.column();
    for (const word of ['as', 'numeric', ')']) this.expect(word);
    return column;
  }

  private join(): Join {
    const table = this.table();
    this.tables.push(table);
    this.expect('on');
    const on: [number, number][] = [];
    do {
      const left = this.column();
      this.expect('=');
      on.push([left, this.column()]);
    } while (this.accept('and'));
    return { table, on };
  }

  private condition(): Condition {
    const first = this.conjunction();
    const conditions = [first];
    while (this.accept('or')) conditions.push(this.conjunction());
    return conditions.length === 1 ? first : { kind: 'or', conditions };
  }

  private conjunction(): Condition {
    const first = this.comparison();
    const conditions = [first];
    while (this.accept('and')) conditions.push(this.comparison());
    return conditions.length === 1 ? first : { kind: 'and', conditions };
  }

  private comparison(): Condition {
    if (this.accept('(')) {
      const inner = this.condition();
      this.expect(')');
      return inner;
    }
    const left = this.expression();
    if (this.accept('is')) {
      const negated = this.accept('not');
      this.expect('null');
      return { kind: 'null', column: columnOf(left), negated };
    }
    if (this.accept('between')) {
      const low = this.literal();
      this.expect('and');
      return { kind: 'between', left, low, high: this.literal() };
    }
    const negated = this.accept('not');
    if (this.accept('in')) {
      this.expect('(');
      const query = this.select();
      this.expect(')');
      return { kind: 'in', column: columnOf(left), negated, query };
    }
    const operator = this.operator(negated);
    if (this.peek() === '(') {
      this.next();
      const query = this.select();
      this.expect(')');
      return { kind: 'scalar', left, operator, query };
    }
    return { kind: 'compare', left, operator, right: this.literal() };
  }

  private operator(negated: boolean): Comparison {
    const word = this.next().toLowerCase().replace('ilike', 'like').replace('!=', '<>');
    const text = negated ? `not ${word}` : word;
    const known: readonly Comparison[] = ['=', '<>', '<', '>', '<=', '>=', 'like', 'not like'];
    const found = known.find((operator) => operator === text);
    if (found === undefined) throw new Unread();
    return found;
  }

  private literal(): Literal {
    const negative = this.accept('-');
    const token = this.next();
    if (/^\d/u.test(token)) return { kind: 'number', number: negative ? -Number(token) : Number(token) };
    if (negative || !token.startsWith("'")) throw new Unread();
    const text = token.slice(1, -1).replaceAll("''", "'");
    return { kind: 'text', text: this.schemaIndex.engine === 'mysql' ? text.replaceAll('\\\\', '\\') : text };
  }

  private table(): number {
    const first = this.name();
    const [schema, name] = this.accept('.') ? [first, this.name()] : [null, first];
    const found = this.schemaIndex.tables.find(
      (table) => table.name === name && (schema === null || table.schema === schema),
    );
    if (found === undefined) throw new Unread();
    return found.id;
  }

  private column(): number {
    const first = this.name();
    const [table, name] = this.accept('.') ? [first, this.name()] : [null, first];
    const found = this.schemaIndex.columns.find(
      (column) =>
        column.name === name &&
        this.tables.includes(column.table) &&
        (table === null || this.schemaIndex.tables[column.table]?.name === table),
    );
    if (found === undefined) throw new Unread();
    return found.id;
  }

  private name(): string {
    const token = this.next();
    const quote = token[0] ?? '';
    if (quote === '"' || quote === '`') return token.slice(1, -1).replaceAll(quote + quote, quote);
    if (!/^[\p{L}_]/u.test(token)) throw new Unread();
    return token;
  }

  private list<Item>(read: () => Item): Item[] {
    const items = [read()];
    while (this.accept(',')) items.push(read());
    return items;
  }

  /** Leaves out what stands before a word on this level of parentheses. */
  private skipTo(word: string): void {
    let depth = 0;
    while (this.at < this.tokens.length) {
      const token = this.peek().toLowerCase();
      if (depth === 0 && token === word) return;
      if (token === '(') depth++;
      if (token === ')') depth--;
      this.at++;
    }
    throw new Unread();
  }

  private peek(): string {
    return this.tokens[this.at] ?? '';
  }

  private next(): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw new Unread();
    this.at++;
    return token;
  }

  private accept(word: string): boolean {
    if (this.peek().toLowerCase() !== word) return false;
    this.at++;
    return true;
  }

  /** `GROUP BY`, `ORDER BY`. */
  private acceptBy(word: string): boolean {
    if (!this.accept(word)) return false;
    this.expect('by');
    return true;
  }

  private expect(word: string): void {
    if (!this.accept(word)) throw new Unread();
  }
}

function columnOf({ aggregate, column }: Expression): number {
  if (aggregate !== null || column === null) throw new Unread();
  return column;
}
