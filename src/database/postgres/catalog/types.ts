import { writeIdentifier } from '../../../schema/identifier.ts';
import { dialect } from '../dialect.ts';
import type { CatalogRows, TypeRow } from './rows.ts';

/** What a column's type is, as SQL names it. */
export interface ColumnType {
  readonly name: string;
  /** Labels of an enum, also beneath a domain or in an array. */
  readonly labels: readonly string[] | null;
  /** What a domain stands on, and its checks. */
  readonly domain: { readonly base: string; readonly checks: readonly string[] } | null;
  /** The fields of a composite type, as `street text`; an array's are those of its elements. */
  readonly fields: readonly string[];
}

/** The types that columns have. */
export class CatalogTypes {
  private readonly names: ReadonlyMap<string, string>;
  private readonly types: ReadonlyMap<number, TypeRow>;
  private readonly conditions: ReadonlyMap<number, string>;
  private readonly fields: ReadonlyMap<number, CatalogRows['fields']>;

  constructor(rows: Pick<CatalogRows, 'typeNames' | 'types' | 'conditions' | 'fields'>) {
    this.names = new Map(rows.typeNames.map(([id, modifier, name]) => [`${id}/${modifier}`, name]));
    this.types = new Map(rows.types.map((row) => [row[0], row]));
    this.conditions = new Map(rows.conditions);
    this.fields = Map.groupBy(rows.fields, ([id]) => id);
  }

  /** Null where the server can't name the type. */
  of(id: number, modifier: number): ColumnType | null {
    const name = this.nameOf(id, modifier);
    if (name === null) {
      return null;
    }
    const [, labels, base, checks] = this.types.get(id) ?? [id, null, null, null];
    return {
      name,
      labels,
      domain:
        base === null
          ? null
          : {
              base: this.nameOf(...base) ?? 'another type',
              checks: (checks ?? []).flatMap((check) => this.conditions.get(check) ?? []),
            },
      fields: (this.fields.get(id) ?? []).map(
        ([, , field, type, fieldModifier]) =>
          `${writeIdentifier(dialect, field)} ${this.nameOf(type, fieldModifier) ?? '?'}`,
      ),
    };
  }

  /** Without its modifier where the server can't write that, as for a type whose library is missing. */
  private nameOf(id: number, modifier: number): string | null {
    return this.names.get(`${id}/${modifier}`) ?? this.names.get(`${id}/-1`) ?? null;
  }
}
