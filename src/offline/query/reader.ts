import type { DatePart } from '../../database/dialect.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';
import { writeSql } from './sql.ts';
import { columnOf, TokenReader, tokensOf, Unread, unread } from './token-reader.ts';
import {
  aggregates,
  type Comparison,
  type Condition,
  comparisons,
  dateParts,
  type Expression,
  type Join,
  type Literal,
  plain,
  type SelectQuery,
  selectFrom,
} from './tree.ts';

/** Reads a SELECT token by token. Every method throws Unread where the text is none of `writeSql`'s. */
export class Reader {
  private readonly schemaIndex: SchemaIndex;
  private readonly text: TokenReader;
  /** Tables of the query that is read. */
  private tables: number[] = [];

  constructor(schemaIndex: SchemaIndex, tokens: readonly string[]) {
    this.schemaIndex = schemaIndex;
    this.text = new TokenReader(tokens);
  }

  statement(): SelectQuery {
    const query = this.select();
    if (!this.text.isAtEnd) {
      throw new Unread();
    }
    return query;
  }

  private select(): SelectQuery {
    const outer = this.tables;
    this.text.expect('select');
    const distinct = this.text.accept('distinct');
    const listStart = this.text.at;
    // The columns can be told only once the tables are known.
    this.text.skipTo('from');
    this.text.expect('from');
    const from = this.table();
    this.tables = [from];
    const joins: Join[] = [];
    while (this.text.accept('join')) {
      joins.push(this.join());
    }
    const bodyStart = this.text.at;
    this.text.at = listStart;
    const parts = new Map<number, DatePart>();
    const select = this.text.list(() => this.item(parts));
    this.text.at = bodyStart;
    const where = this.text.accept('where') ? this.condition() : null;
    const group = this.text.acceptBy('group') ? this.text.list(() => this.groupColumn(parts)) : [];
    const having = this.text.accept('having') ? this.condition() : null;
    const order = this.text.acceptBy('order') ? this.text.list(() => this.order(parts)) : [];
    const limit = this.text.accept('limit') ? Number(this.text.next()) : null;
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
    if (part === null) {
      const expression = this.expression();
      // The heading of a count or a product; what was read is held against the whole text later.
      const isHeaded = expression.aggregate === 'count' || expression.times !== undefined;
      if (isHeaded && this.text.accept('as')) {
        this.text.next();
      }
      return expression;
    }
    parts.set(part.column, part.part);
    this.text.expect('as');
    this.text.next();
    return { aggregate: null, distinct: false, column: part.column };
  }

  private groupColumn(parts: ReadonlyMap<number, DatePart>): number {
    const part = this.datePart();
    if (part === null) {
      return this.column();
    }
    if (parts.get(part.column) !== part.part) {
      throw new Unread();
    }
    return part.column;
  }

  private order(parts: ReadonlyMap<number, DatePart>): SelectQuery['order'][number] {
    const part = this.datePart();
    if (part !== null && parts.get(part.column) !== part.part) {
      throw new Unread();
    }
    const by = part === null ? this.expression() : { aggregate: null, distinct: false, column: part.column };
    const descending = this.text.accept('desc');
    if (this.text.accept('nulls')) {
      this.text.next();
    }
    return { by, descending };
  }

  /** A part of a date column of these tables, in the very words that it is written with. */
  private datePart(): { column: number; part: DatePart } | null {
    const dates = this.schemaIndex.columns.filter(
      ({ class: kind, table }) => kind === 'date' && this.tables.includes(table),
    );
    for (const { id, table } of dates) {
      for (const part of dateParts) {
        for (const joins of [[], [{ table: table === 0 ? 1 : 0, on: [] }]]) {
          if (joins.length > 0 && this.schemaIndex.tables.length < 2) {
            continue;
          }
          const written = writeSql(this.schemaIndex, {
            ...selectFrom(table, [plain(id)]),
            joins,
            parts: new Map([[id, part]]),
          });
          const words = tokensOf(written);
          const text = words.slice(1, words.indexOf('AS'));
          if (this.text.acceptAll(text)) {
            return { column: id, part };
          }
        }
      }
    }
    return null;
  }

  private expression(): Expression {
    const word = this.text.peek().toLowerCase();
    const aggregate = aggregates.find((name) => name === word);
    if (aggregate !== undefined && this.text.ahead(1) === '(') {
      this.text.at += 2;
      const distinct = this.text.accept('distinct');
      const first = this.text.accept('*') ? null : this.summed();
      const product =
        first !== null && this.text.accept('*') ? { column: this.summed(), times: first } : null;
      this.text.expect(')');
      return { aggregate, distinct, ...(product ?? { column: first }) };
    }
    if (this.text.accept('*')) {
      return { aggregate: null, distinct: false, column: null };
    }
    if (this.text.ahead(1) === '.' && this.text.ahead(2) === '*') {
      this.text.at += 3;
      return { aggregate: null, distinct: false, column: null };
    }
    return { aggregate: null, distinct: false, column: this.column() };
  }

  /** PostgreSQL adds numbers that are stored as text only after a cast. */
  private summed(): number {
    if (!this.text.accept('cast')) {
      return this.column();
    }
    this.text.expect('(');
    const column = this.column();
    for (const word of ['as', 'numeric', ')']) {
      this.text.expect(word);
    }
    return column;
  }

  private join(): Join {
    const table = this.table();
    this.tables.push(table);
    this.text.expect('on');
    const on: [number, number][] = [];
    do {
      const left = this.column();
      this.text.expect('=');
      on.push([left, this.column()]);
    } while (this.text.accept('and'));
    return { table, on };
  }

  private condition(): Condition {
    const first = this.conjunction();
    const conditions = [first];
    while (this.text.accept('or')) {
      conditions.push(this.conjunction());
    }
    return conditions.length === 1 ? first : { kind: 'or', conditions };
  }

  private conjunction(): Condition {
    const first = this.comparison();
    const conditions = [first];
    while (this.text.accept('and')) {
      conditions.push(this.comparison());
    }
    return conditions.length === 1 ? first : { kind: 'and', conditions };
  }

  private comparison(): Condition {
    if (this.text.accept('(')) {
      const inner = this.condition();
      this.text.expect(')');
      return inner;
    }
    const left = this.expression();
    if (this.text.accept('is')) {
      const negated = this.text.accept('not');
      this.text.expect('null');
      return { kind: 'null', column: columnOf(left), negated };
    }
    if (this.text.accept('between')) {
      const low = this.literal();
      this.text.expect('and');
      return { kind: 'between', left, low, high: this.literal() };
    }
    const negated = this.text.accept('not');
    if (this.text.accept('in')) {
      this.text.expect('(');
      const query = this.select();
      this.text.expect(')');
      return { kind: 'in', column: columnOf(left), negated, query };
    }
    const operator = this.operator(negated);
    if (this.text.peek() === '(') {
      this.text.next();
      const query = this.select();
      this.text.expect(')');
      return { kind: 'scalar', left, operator, query };
    }
    return { kind: 'compare', left, operator, right: this.literal() };
  }

  private operator(negated: boolean): Comparison {
    const word = this.text.next().toLowerCase().replace('ilike', 'like').replace('!=', '<>');
    const text = negated ? `not ${word}` : word;
    const found = comparisons.find((operator) => operator === text);
    return found ?? unread();
  }

  private literal(): Literal {
    const negative = this.text.accept('-');
    const token = this.text.next();
    if (/^\d/u.test(token)) {
      return { kind: 'number', number: negative ? -Number(token) : Number(token) };
    }
    if (!negative && token.toLowerCase() === 'concat') {
      return { kind: 'text', text: this.text.concatenated() };
    }
    if (negative || !token.startsWith("'")) {
      throw new Unread();
    }
    const text = token.slice(1, -1).replaceAll("''", "'");
    return {
      kind: 'text',
      text: this.schemaIndex.dialect.hasBackslashEscapes ? text.replaceAll('\\\\', '\\') : text,
    };
  }

  private table(): number {
    const first = this.text.name();
    const [schema, name] = this.text.accept('.') ? [first, this.text.name()] : [null, first];
    const found = this.schemaIndex.tables.find(
      (table) => table.name === name && (schema === null || table.schema === schema),
    );
    if (found === undefined) {
      throw new Unread();
    }
    return found.id;
  }

  private column(): number {
    const first = this.text.name();
    const [table, name] = this.text.accept('.') ? [first, this.text.name()] : [null, first];
    const found = this.schemaIndex.columns.find(
      (column) =>
        column.name === name &&
        this.tables.includes(column.table) &&
        (table === null || this.schemaIndex.tables[column.table]?.name === table),
    );
    if (found === undefined) {
      throw new Unread();
    }
    return found.id;
  }
}
