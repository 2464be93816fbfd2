import type { DatePart } from '../../database/dialect.ts';
import { writeIdentifier, writeTable } from '../../schema/identifier.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';
import { isCutUp } from '../schema-index/stored-dates.ts';
import { countHeading, headingsOf, isCount, meanHeading, productHeading, shareHeading } from './headings.ts';
import {
  type Comparison,
  type Condition,
  type Expression,
  type Literal,
  plain,
  type Query,
  type SelectQuery,
} from './tree.ts';

/**
 * Writes a query in the dialect of the schema's engine; names are quoted where they must be. The column of `COUNT(*)` is
 * headed by what it counts, or, if `bare`, as the engine does.
 */
export function writeSql(schemaIndex: SchemaIndex, query: Query, bare = false): string {
  return new Writer(schemaIndex).query(query, bare);
}

class Writer {
  private readonly schemaIndex: SchemaIndex;
  constructor(schemaIndex: SchemaIndex) {
    this.schemaIndex = schemaIndex;
  }

  query(query: Query, bare: boolean): string {
    if (query.kind === 'select') {
      return this.select(query, !bare);
    }
    return `${this.select(query.left)} ${query.operator.toUpperCase()} ${this.select(query.right)}`;
  }

  private select(query: SelectQuery, isHeaded = false): string {
    const { within, ...whole } = query;
    return within === undefined ? this.clauses(whole, null, isHeaded) : this.ranked(whole, within);
  }

  /** The rows of the first places in each group: a rank is worked out in a query, and told by in another around it. */
  private ranked(query: SelectQuery, within: readonly number[]): string {
    const several = query.joins.length > 0;
    const headings = headingsOf(this.schemaIndex, query);
    const place = this.name('place_in_group');
    const order = query.order.map(({ by, descending }) => this.ordered(by, descending, several)).join(', ');
    const partition = within.map((column) => this.column(column, several)).join(', ');
    const inner = this.clauses(
      { ...query, order: [], limit: null },
      [
        ...query.select.map((item, index) => {
          const heading = headings[index] ?? '';
          const own =
            item.aggregate === null && this.schemaIndex.columns[item.column ?? -1]?.name === heading;
          return `${this.expression(item, several)}${own ? '' : ` AS ${this.name(heading)}`}`;
        }),
        `RANK() OVER (PARTITION BY ${partition} ORDER BY ${order}) AS ${place}`,
      ],
      false,
    );
    const shown = headings.map((heading) => this.name(heading)).join(', ');
    const [first = place] = headings.map((heading) => this.name(heading));
    return `SELECT ${shown} FROM (${inner}) AS ranked WHERE ${place} ${query.offset === undefined ? `<= ${query.limit ?? 1}` : `= ${query.offset + 1}`} ORDER BY ${first}, ${place}`;
  }

  private clauses(query: SelectQuery, written: readonly string[] | null, isHeaded: boolean): string {
    const several = query.joins.length > 0;
    const part = (column: number): string | null => {
      if (query.spelled?.has(column) === true) {
        return `LOWER(TRIM(${this.column(column, several)}))`;
      }
      const wanted = query.parts?.get(column);
      return wanted === undefined ? null : this.date(wanted, column, several);
    };
    const grouped = (column: number): string[] => {
      const written = part(column) ?? this.column(column, several);
      return query.parts?.get(column) === 'weekday'
        ? [written, this.date('weekday number', column, several)]
        : [written];
    };
    const ordered = (by: Expression): string | null =>
      by.aggregate === null && by.column !== null && query.parts?.get(by.column) === 'weekday'
        ? this.date('weekday number', by.column, several)
        : partOf(by);
    const partOf = ({ aggregate, column }: Expression): string | null =>
      aggregate !== null || column === null ? null : part(column);
    const expression = (item: Expression): string => {
      if (item.aggregate === 'count' && item.distinct && query.spelled?.has(item.column ?? -1) === true) {
        return `COUNT(DISTINCT ${part(item.column ?? -1)})`;
      }
      if (isHeaded && isCount(item)) {
        return `COUNT(*) AS ${this.name(countHeading(this.schemaIndex, query))}`;
      }
      if (isHeaded && (item.share !== undefined || item.per !== undefined)) {
        return `${this.expression(item, several)} AS ${this.name(item.per === undefined ? shareHeading : meanHeading)}`;
      }
      const product = isHeaded ? productHeading(this.schemaIndex, item) : null;
      if (product !== null) {
        return `${this.expression(item, several)} AS ${this.name(product)}`;
      }
      const shown = partOf(item);
      const id = item.column ?? -1;
      const name =
        query.spelled?.has(id) === true ? this.schemaIndex.columns[id]?.name : query.parts?.get(id);
      if (name === 'weekday' && item.column !== null) {
        return `${shown} AS weekday, ${this.date('weekday number', item.column, several)} AS day`;
      }
      return shown === null ? this.expression(item, several) : `${shown} AS ${this.name(name ?? '')}`;
    };
    const all = several ? `${this.name(this.schemaIndex.tables[query.from]?.name ?? '')}.*` : '*';
    const items =
      written ??
      query.select.map((item) => (item.aggregate === null && item.column === null ? all : expression(item)));
    const parts = [`SELECT ${query.distinct ? 'DISTINCT ' : ''}${items.join(', ')}`];
    parts.push(`FROM ${this.table(query.from)}`);
    for (const join of query.joins) {
      parts.push(
        `JOIN ${this.table(join.table)} ON ${join.on
          .map(([left, right]) => `${this.column(left, true)} = ${this.column(right, true)}`)
          .join(' AND ')}`,
      );
    }
    if (query.where !== null) {
      parts.push(`WHERE ${this.condition(query.where, several, false)}`);
    }
    if (query.group.length > 0) {
      parts.push(`GROUP BY ${query.group.flatMap((column) => grouped(column)).join(', ')}`);
    }
    if (query.having !== null) {
      parts.push(`HAVING ${this.condition(query.having, several, false)}`);
    }
    if (query.order.length > 0) {
      parts.push(
        `ORDER BY ${query.order
          .map(({ by, descending }) => {
            const shown = ordered(by);
            return shown === null
              ? this.ordered(by, descending, several)
              : `${shown}${descending ? ' DESC' : ''}`;
          })
          .join(', ')}`,
      );
    }
    if (query.limit !== null) {
      parts.push(`LIMIT ${query.limit}${query.offset === undefined ? '' : ` OFFSET ${query.offset}`}`);
    }
    return parts.join(' ');
  }

  /** Where nulls do not sort low by themselves they are told to, so that a top-N is one on every engine. */
  private ordered(by: Expression, descending: boolean, several: boolean): string {
    const written = by.aggregate === null ? this.compared(by, several) : this.expression(by, several);
    const text = `${written}${descending ? ' DESC' : ''}`;
    const column = by.column === null ? undefined : this.schemaIndex.columns[by.column];
    if (
      this.schemaIndex.dialect.nullsSortFirst ||
      by.aggregate === 'count' ||
      column?.column.nullable === false
    ) {
      return text;
    }
    return `${text} NULLS ${descending ? 'LAST' : 'FIRST'}`;
  }

  private condition(condition: Condition, several: boolean, nested: boolean): string {
    switch (condition.kind) {
      case 'and':
      case 'or': {
        const text = condition.conditions
          .map((part) => this.condition(part, several, true))
          .join(condition.kind === 'and' ? ' AND ' : ' OR ');
        return nested && condition.kind === 'or' ? `(${text})` : text;
      }
      case 'columns':
        return `${this.compared(plain(condition.left), several)} ${condition.operator} ${this.compared(plain(condition.right), several)}`;
      case 'weekday':
        return `${this.date('weekday number', condition.column, several)} = ${this.schemaIndex.dialect.writeWeekdayNumber(condition.day)}`;
      case 'null':
        return `${this.column(condition.column, several)} IS ${condition.negated ? 'NOT ' : ''}NULL`;
      case 'in':
        return `${this.column(condition.column, several)} ${condition.negated ? 'NOT IN' : 'IN'} (${this.select(condition.query)})`;
      case 'scalar':
        return `${this.expression(condition.left, several)} ${condition.operator} (${this.select(condition.query)})`;
      case 'between':
        return `${this.compared(condition.left, several)} BETWEEN ${this.literal(condition.low, condition.left)} AND ${this.literal(condition.high, condition.left)}`;
      case 'compare':
        return this.comparison(
          this.compared(condition.left, several),
          condition.operator,
          this.literal(condition.right, condition.left),
        );
    }
  }

  private comparison(left: string, operator: Comparison, right: string): string {
    const { dialect } = this.schemaIndex;
    return operator === 'like' || operator === 'not like'
      ? dialect.writeLike(left, operator === 'like' ? 'LIKE' : 'NOT LIKE', right)
      : `${left} ${operator.toUpperCase()} ${right}`;
  }

  private expression(item: Expression, several: boolean): string {
    if (item.share !== undefined) {
      return `AVG(CASE WHEN ${this.condition(item.share, several, false)} THEN 100.0 ELSE 0 END)`;
    }
    if (item.per !== undefined) {
      const key = this.column(item.per, several);
      return `COUNT(${key}) * 1e0 / COUNT(DISTINCT ${key})`;
    }
    const bare = item.column === null ? '*' : this.column(item.column, several);
    const column = item.column === null ? undefined : this.schemaIndex.columns[item.column];
    const summed = item.aggregate === 'avg' || item.aggregate === 'sum';
    const inner =
      summed && column?.class === 'text' && !this.schemaIndex.dialect.addsTexts
        ? `CAST(${bare} AS ${this.schemaIndex.dialect.numberType.toLowerCase()})`
        : bare;
    const compared = item.aggregate === 'min' || item.aggregate === 'max';
    if (compared && item.column !== null && isCutUp(column?.stored)) {
      return `${item.aggregate.toUpperCase()}(${this.asDate(item.column, several)})`;
    }
    const less =
      item.less === undefined
        ? ''
        : ` * (1 - ${this.known(item.less.column, several)}${item.less.of === 1 ? '' : ` / ${item.less.of}.0`})`;
    const whole = item.times === undefined ? inner : `${this.column(item.times, several)} * ${inner}${less}`;
    if (item.aggregate === null) {
      return whole;
    }
    return `${item.aggregate.toUpperCase()}(${item.distinct ? 'DISTINCT ' : ''}${whole})`;
  }

  /** As `expression`, of a date that is kept day first as one that sorts as time does. */
  private compared(item: Expression, several: boolean): string {
    return item.aggregate === null &&
      item.column !== null &&
      isCutUp(this.schemaIndex.columns[item.column]?.stored)
      ? this.asDate(item.column, several)
      : this.expression(item, several);
  }

  /** A column as a date, whatever it is kept as. */
  private asDate(id: number, several: boolean): string {
    const { stored = null } = this.schemaIndex.columns[id] ?? {};
    const written = this.column(id, several);
    return stored === null ? written : this.schemaIndex.dialect.writeStoredDate(stored, written);
  }

  private date(part: DatePart, id: number, several: boolean): string {
    return this.schemaIndex.dialect.writeDatePart(part, this.asDate(id, several));
  }

  /** A column, and nothing where it has no value. */
  private known(id: number, several: boolean): string {
    const written = this.column(id, several);
    return this.schemaIndex.columns[id]?.column.nullable === false ? written : `COALESCE(${written}, 0)`;
  }

  private column(id: number, several: boolean): string {
    const column = this.schemaIndex.columns[id];
    if (column === undefined) {
      throw new RangeError(`no column ${id}`);
    }
    const name = this.name(column.name);
    return several ? `${this.name(this.schemaIndex.tables[column.table]?.name ?? '')}.${name}` : name;
  }

  private table(id: number): string {
    const table = this.schemaIndex.tables[id];
    if (table === undefined) {
      throw new RangeError(`no table ${id}`);
    }
    return writeTable(this.schemaIndex.dialect, this.schemaIndex.schema, table);
  }

  private name(name: string): string {
    return writeIdentifier(this.schemaIndex.dialect, name);
  }

  /** A literal as the column that it is compared with keeps its values: a day as seconds since 1970 where those are kept. */
  private literal(literal: Literal, { column, aggregate }: Partial<Expression> = {}): string {
    const { stored = null, class: kind = null } = this.schemaIndex.columns[column ?? -1] ?? {};
    if (
      literal.kind === 'text' &&
      aggregate === null &&
      (stored === 'seconds' || stored === 'milliseconds')
    ) {
      const milliseconds = Date.parse(`${literal.text.slice(0, 10)}T00:00:00Z`);
      if (!Number.isNaN(milliseconds)) {
        return String(stored === 'seconds' ? milliseconds / 1000 : milliseconds);
      }
    }
    if (literal.kind === 'number') {
      return String(literal.number);
    }
    const isDate = kind === 'date' && aggregate !== 'count';
    const { dialect } = this.schemaIndex;
    return isDate ? dialect.writeDate(literal.text) : dialect.writeText(literal.text);
  }
}
