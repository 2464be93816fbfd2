import type { Analysis } from '../analysis/analysis.ts';
import plain from '../data/plain.json' with { type: 'json' };
import { isForm } from '../language/form.ts';
import type { SelectQuery } from '../query/tree.ts';

const people: ReadonlySet<string> = new Set(plain.people);

/** `what is Noel Byrne working on`: who works on something is not who a key makes its lead. */
export function roleForWork({ question, schemaIndex, tokens }: Analysis, query: SelectQuery): string | null {
  const said = /\bwork(?:s|ed|ing)? on\b/iu.exec(question)?.[0];
  const used = JSON.stringify([query.joins, query.where]);
  const key = schemaIndex.links
    .filter(({ left, from, to }) => left.length === 1 && from !== to)
    .map(({ left, to }) => ({ column: schemaIndex.columns[left[0] ?? -1], target: schemaIndex.tables[to] }))
    .find(({ column, target }) => {
      const role = column?.words.filter(
        (word) => word !== 'id' && word !== 'by' && target?.words.includes(word) !== true,
      );
      return (
        role?.length === 1 &&
        new RegExp(`\\b${column?.id ?? -1}\\b`, 'u').test(used) &&
        target?.words.some((word) => people.has(word) || /er$/u.test(word)) === true &&
        !tokens.some(({ lower }) => isForm(lower, role[0] ?? ''))
      );
    });
  return said === undefined || key?.column === undefined
    ? null
    : `"${said}" does not say that someone is meant by ${key.column.name}.`;
}

/**
 * `which projects does Keiko Mori work on`, where payouts, timesheets and ratings each tie people to projects: of several
 * such tables a query may take the one that the question speaks of, and no other by chance.
 */
export function oneOfSeveralTies({ schemaIndex, tables }: Analysis, query: SelectQuery): string | null {
  const { links } = schemaIndex;
  const joined = [query.from, ...query.joins.map(({ table }) => table)];
  const parents = (id: number): ReadonlySet<number> =>
    new Set(links.flatMap(({ from, to }) => (from === id && to !== id ? [to] : [])));
  const columns = new Set(
    [...query.select, ...query.order.map(({ by }) => by)].map(
      ({ column }) => schemaIndex.columns[column ?? -1]?.table,
    ),
  );
  for (const id of joined) {
    const ends = [...parents(id)].filter((end) => joined.includes(end));
    const named = tables.some((mention) => mention.id === id && mention.score >= 0.5);
    const counts = query.select
      .concat(query.order.map(({ by }) => by))
      .some(({ aggregate }) => aggregate !== null);
    if (ends.length < 2 || named || columns.has(id) || counts || usesOf(schemaIndex, query, id)) {
      continue;
    }
    const other = schemaIndex.tables.find(
      (table) =>
        table.id !== id && !joined.includes(table.id) && ends.every((end) => parents(table.id).has(end)),
    );
    if (other !== undefined) {
      return `${schemaIndex.tables[id]?.name ?? ''} and ${other.name} both say what belongs together here: name the one that is meant.`;
    }
  }
  return null;
}

/** Whether a condition is about a column of a table. */
const usesOf = ({ columns }: Analysis['schemaIndex'], { where }: SelectQuery, table: number): boolean =>
  [...JSON.stringify(where).matchAll(/"column":(\d+)/gu)].some(
    ([, id]) => columns[Number(id)]?.table === table,
  );
