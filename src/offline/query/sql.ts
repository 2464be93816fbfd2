import { writeIdentifier, writeTable } from '../../schema/identifier.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';
import type { Comparison, Condition, Expression, Literal, Query, SelectQuery } from './tree.ts';

/**
 * Writes a query in the dialect of the schema's engine; names are quoted where they must be.
 */
export function writeSql(schemaIndex: SchemaIndex, query: Query): string {
  return new Writer(schemaIndex).query(query);
}

class Writer {
  private readonly schemaIndex: SchemaIndex;
  constructor(schemaIndex: SchemaIndex) {
    this.schemaIndex = schemaIndex;
  }

  query(query: Query): string {
    if (query.kind === 'select') {
      return this.select(query);
    }
    return `${this.select(query.left)} ${query.operator.toUpperCase()} ${this.select(query.right)}`;
  }

  private select(query: SelectQuery): string {
    const several = query.joins.length > 0;
    const part = (column: number): string | null => {
      const wanted = query.parts?.get(column);
      return wanted === undefined
        ? null
        : this.schemaIndex.dialect.writeDatePart(wanted, this.column(column, several));
    };
    const partOf = ({ aggregate, column }: Expression): string | null =>
      aggregate !== null || column === null ? null : part(column);
    const expression = (item: Expression): string => {
      const shown = partOf(item);
      const name = item.column === null ? undefined : query.parts?.get(item.column);
      return shown === null ? this.expression(item, several) : `${shown} AS ${this.name(name ?? '')}`;
    };
    const all = several ? `${this.name(this.schemaIndex.tables[query.from]?.name ?? '')}.*` : '*';
    const items = query.select.map((item) =>
      item.aggregate === null && item.column === null ? all : expression(item),
    );
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
      parts.push(
        `GROUP BY ${query.group.map((column) => part(column) ?? this.column(column, several)).join(', ')}`,
      );
    }
    if (query.having !== null) {
      parts.push(`HAVING ${this.condition(query.having, several, false)}`);
    }
    if (query.order.length > 0) {
      parts.push(
        `ORDER BY ${query.order
          .map(({ by, descending }) => {
            const shown = partOf(by);
            return shown === null
              ? this.ordered(by, descending, several)
              : `${shown}${descending ? ' DESC' : ''}`;
          })
          .join(', ')}`,
      );
    }
    if (query.limit !== null) {
      parts.push(`LIMIT ${query.limit}`);
    }
    return parts.join(' ');
  }

  /** Where nulls do not sort low by themselves they are told to, so that a top-N is one on every engine. */
  private ordered(by: Expression, descending: boolean, several: boolean): string {
    const text = `${this.expression(by, several)}${descending ? ' DESC' : ''}`;
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
      case 'null':
        return `${this.column(condition.column, several)} IS ${condition.negated ? 'NOT ' : ''}NULL`;
      case 'in':
        return `${this.column(condition.column, several)} ${condition.negated ? 'NOT IN' : 'IN'} (${this.select(condition.query)})`;
      case 'scalar':
        return `${this.expression(condition.left, several)} ${condition.operator} (${this.select(condition.query)})`;
      case 'between':
        return `${this.expression(condition.left, several)} BETWEEN ${this.literal(condition.low)} AND ${this.literal(condition.high)}`;
      case 'compare':
        return `${this.expression(condition.left, several)} ${this.operator(condition.operator)} ${this.literal(condition.right)}`;
    }
  }

  private operator(operator: Comparison): string {
    const text = operator.toUpperCase();
    return text.replace('LIKE', this.schemaIndex.dialect.likeInAnyCase);
  }

  private expression(item: Expression, several: boolean): string {
    const bare = item.column === null ? '*' : this.column(item.column, several);
    const column = item.column === null ? undefined : this.schemaIndex.columns[item.column];
    const summed = item.aggregate === 'avg' || item.aggregate === 'sum';
    const inner =
      summed && column?.class === 'text' && !this.schemaIndex.dialect.addsTexts
        ? `CAST(${bare} AS numeric)`
        : bare;
    const whole = item.times === undefined ? inner : `${this.column(item.times, several)} * ${inner}`;
    if (item.aggregate === null) {
      return whole;
    }
    return `${item.aggregate.toUpperCase()}(${item.distinct ? 'DISTINCT ' : ''}${whole})`;
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

  private literal(literal: Literal): string {
    if (literal.kind === 'number') {
      return String(literal.number);
    }
    return this.schemaIndex.dialect.writeText(literal.text);
  }
}
