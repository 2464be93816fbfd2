import { writeIdentifier } from '../../../schema/identifier.ts';
import type { Column, ForeignKey, Table, TableKind } from '../../../schema/schema.ts';
import type { HidePatterns } from '../../pattern.ts';
import { dialect } from '../dialect.ts';
import type {
  ColumnRow,
  CommentRow,
  ConstraintRow,
  ExpressionRow,
  IndexRow,
  PartitionKeyRow,
  TableRow,
} from './rows.ts';
import type { ColumnType } from './types.ts';

const kinds: Readonly<Record<string, TableKind>> = {
  r: 'table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  p: 'partitioned table',
};

/** A table while its parts come in. A part that needs a column which may not be seen is left out. */
export class TableDraft {
  readonly schema: string;
  readonly name: string;
  private readonly row: TableRow;
  private comment: string | null = null;
  /** By number. */
  private readonly columns = new Map<number, { column: Column; generated: boolean; type: ColumnType }>();
  private primaryKey: readonly string[] = [];
  private readonly uniqueKeys: (readonly string[])[] = [];
  private readonly foreignKeys: ForeignKey[] = [];
  private readonly checks: string[] = [];
  private partitionKey: string | null = null;
  private children = 0;
  private parent: string | null = null;
  private estimate: number;

  constructor(row: TableRow) {
    this.row = row;
    this.schema = row[1];
    this.name = row[2];
    this.estimate = row[4];
  }

  get isEmpty(): boolean {
    return this.columns.size === 0;
  }

  get columnNames(): readonly string[] {
    return [...this.columns.values()].map(({ column }) => column.name);
  }

  addColumn(row: ColumnRow, type: ColumnType | null): void {
    const [, number, name, , , notNull, identity, generated] = row;
    if (type === null) {
      return;
    }
    const column: Column = {
      name,
      type: type.name,
      nullable: !notNull,
      default: null,
      identity: identity !== '',
      generated: null,
      comment: null,
      values: type.labels,
    };
    this.columns.set(number, { column, generated: generated !== '', type });
  }

  removeColumns(names: ReadonlySet<string>): void {
    for (const [number, { column }] of this.columns) {
      if (names.has(column.name)) {
        this.columns.delete(number);
      }
    }
  }

  addExpression([, number, expression]: ExpressionRow, hidden: HidePatterns): void {
    const known = this.columns.get(number);
    if (known === undefined || hidden.mentionedIn(expression)) {
      return;
    }
    const expressions = known.generated ? { generated: expression } : { default: expression };
    this.columns.set(number, { ...known, column: { ...known.column, ...expressions } });
  }

  addComment([, number, comment]: CommentRow): void {
    const known = this.columns.get(number);
    if (number === 0) {
      this.comment = comment;
    } else if (known !== undefined) {
      this.columns.set(number, { ...known, column: { ...known.column, comment } });
    }
  }

  /** Where rows go; left out where a column may not be seen that decides it. */
  addPartitionKey([, key]: PartitionKeyRow, hidden: HidePatterns): void {
    if (!hidden.mentionedIn(key)) {
      this.partitionKey = key;
    }
  }

  /** Takes the rows of a table in that inherits this one and has no columns of its own. */
  addChild(estimate: number): void {
    this.children++;
    this.estimate = Math.max(this.estimate, 0) + Math.max(estimate, 0);
  }

  inherit(parent: string): void {
    this.parent = parent;
  }

  addKey([, , primary, numbers]: IndexRow): void {
    const names = this.namesOf(numbers);
    if (names === null) {
      return;
    }
    if (primary) {
      this.primaryKey = names;
    } else {
      this.uniqueKeys.push(names);
    }
  }

  addConstraint(
    row: ConstraintRow,
    tables: ReadonlyMap<number, TableDraft>,
    conditions: ReadonlyMap<number, string>,
  ): void {
    const [id, , kind, numbers, targetId, targetNumbers] = row;
    const names = this.namesOf(numbers ?? []);
    if (names === null) {
      return;
    }
    if (kind === 'c') {
      const condition = conditions.get(id);
      if (condition !== undefined) {
        this.checks.push(condition);
      }
      return;
    }
    const target = tables.get(targetId);
    const columns = target?.namesOf(targetNumbers ?? []) ?? null;
    if (target === undefined || columns === null) {
      return;
    }
    const { schema, name: table } = target;
    this.foreignKeys.push({ columns: names, references: { schema, table, columns } });
  }

  finish(): Table {
    const [, , , kind, , partitions] = this.row;
    const known = [...this.columns].sort(([a], [b]) => a - b).map(([, column]) => column);
    const ofDomains = known.flatMap(({ column, type }) =>
      (type.domain?.checks ?? []).map((check) =>
        check.replaceAll(/\bVALUE\b/g, () => writeIdentifier(dialect, column.name)),
      ),
    );
    const { estimate } = this;
    return {
      schema: this.schema,
      name: this.name,
      kind: kinds[kind] ?? 'table',
      comment: this.comment,
      rowEstimate: estimate < 0 || kind === 'v' ? null : estimate,
      columns: known.map(({ column }) => column),
      primaryKey: this.primaryKey,
      uniqueKeys: this.uniqueKeys,
      foreignKeys: this.foreignKeys,
      checks: [...this.checks, ...ofDomains],
      traits: [
        ...(kind === 'p' ? [partitionTrait(partitions, this.partitionKey)] : []),
        ...(this.children === 0
          ? []
          : [
              `with the rows of ${counted(this.children, 'table')} that inherit${this.children === 1 ? 's' : ''} it`,
            ]),
        ...(this.parent === null ? [] : [`inherits ${this.parent}, which shows its rows too`]),
        ...new Set(known.flatMap(({ type }) => traitOf(type))),
      ],
    };
  }

  /** Null where one of the columns may not be seen. */
  private namesOf(numbers: readonly number[]): readonly string[] | null {
    const names = numbers.map((number) => this.columns.get(number)?.column.name);
    return names.every((name) => name !== undefined) ? names : null;
  }
}

function partitionTrait(partitions: number, key: string | null): string {
  return key === null ? counted(partitions, 'partition') : `${counted(partitions, 'partition')} by ${key}`;
}

function counted(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}

/** What a column's type is made of, where its name does not say it. */
function traitOf({ name, domain, fields }: ColumnType): readonly string[] {
  if (domain !== null) {
    return [`domain ${name}: ${domain.base}`];
  }
  return fields.length === 0 ? [] : [`type ${name.replace(/(?:\[\])+$/, '')}: (${fields.join(', ')})`];
}
