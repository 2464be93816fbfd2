import type { Column, Table } from '../schema.ts';
import type { ColumnProfile, TableProfile } from './column-profile.ts';

/** A column with no more values than this has their number told. */
const fewValues = 50;
/** Texts of this many characters are told to be long. */
const longText = 200;

/**
 * What is worth a word of a column, in the order of what it is worth. Numbers are rounded, so that a prompt stays the
 * same while a few rows come and go.
 */
export function factsOf(table: Table, column: Column, found: TableProfile): readonly string[] {
  const profile = found.columns[column.name];
  if (profile === undefined || found.rows === 0) {
    return [];
  }
  if (profile.nullShare === 1) {
    return [found.isWhole ? 'always NULL' : 'NULL in all rows looked at'];
  }
  const isKey = [table.primaryKey, ...table.uniqueKeys].some(
    (key) => key.length === 1 && key[0] === column.name,
  );
  return [
    // What a few rows of many show is no "always".
    ...(profile.form === null || (profile.form.kind === 'always' && !found.isWhole)
      ? []
      : [profile.form.words]),
    ...(isKey ? [] : countFacts(table, column, profile, found)),
    ...lengthFacts(profile),
    ...nullFacts(profile.nullShare),
  ];
}

function countFacts(
  table: Table,
  column: Column,
  { distinct, form, nullShare }: ColumnProfile,
  { isWhole, rows }: TableProfile,
): readonly string[] {
  const isReference = table.foreignKeys.some(({ columns }) => columns.includes(column.name));
  const isCounted = column.type === '' || /char|text|clob|string|int/iu.test(column.type);
  if (
    !isCounted ||
    form?.kind === 'flag' ||
    form?.kind === 'always' ||
    isReference ||
    !isWhole ||
    column.values !== null
  ) {
    return [];
  }
  // Where hardly a value comes twice, their number is the number of rows.
  const filled = rows * (1 - nullShare);
  if (distinct > fewValues || (distinct > filled / 2 && distinct > 2)) {
    return [];
  }
  return distinct === 1 ? ['one value'] : distinct === 2 ? ['two values'] : [`${roughly(distinct)} values`];
}

function roughly(count: number): string {
  return count <= 12 ? String(count) : `about ${Math.round(count / 10) * 10}`;
}

function lengthFacts({ length, form }: ColumnProfile): readonly string[] {
  if (length === null || form !== null) {
    return [];
  }
  if (length.longest >= longText) {
    return ['long text'];
  }
  return length.shortest === length.longest && length.longest > 1 && length.longest <= 8
    ? [`${length.longest} characters`]
    : [];
}

function nullFacts(share: number): readonly string[] {
  if (share === 0) {
    return [];
  }
  const percent = share * 100;
  return [
    percent < 2
      ? 'few NULL'
      : percent > 98
        ? 'nearly all NULL'
        : `${Math.round(percent / 10) * 10 || 5} % NULL`,
  ];
}
