import { fold, type StoredValue, type ValueLookup } from '../link/values.ts';
import type { SchemaIndex } from '../schema-index/schema-index.ts';
import { isPeople } from './names.ts';

const pairs = /(?<before>[\p{L}-]+) (?<owner>\p{L}+\p{L})s(?= \p{L})/giu;

/** `Mo Kettles phone` as `Mo Kettle's phone`, where somebody is stored who is called so. */
export function withApostrophes(question: string, schemaIndex: SchemaIndex, lookup: ValueLookup): string {
  const named = (text: string): readonly StoredValue[] =>
    lookup.exact(fold(text)).filter((value) => {
      const table = schemaIndex.tables[schemaIndex.columns[value.column]?.table ?? -1];
      return fold(value.text) === fold(text) && table !== undefined && isPeople({ schemaIndex }, table);
    });
  let written = '';
  let from = 0;
  for (const match of question.matchAll(pairs)) {
    const { before = '', owner = '' } = match.groups ?? {};
    // First and last name may be kept apart.
    const isTwo =
      named(`${owner}s`).length === 0 &&
      named(owner).some((last) => named(before).some((first) => isApart(schemaIndex, first, last)));
    if ((named(`${before} ${owner}`).length > 0 && named(`${before} ${owner}s`).length === 0) || isTwo) {
      const end = match.index + before.length + 1 + owner.length;
      written += `${question.slice(from, end)}'`;
      from = end;
    }
  }
  return written + question.slice(from);
}

const isApart = ({ columns }: SchemaIndex, first: StoredValue, last: StoredValue): boolean =>
  first.column !== last.column && columns[first.column]?.table === columns[last.column]?.table;
