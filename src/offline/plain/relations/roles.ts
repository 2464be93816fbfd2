import type { Analysis } from '../../analysis/analysis.ts';
import { isForm } from '../../language/form.ts';
import { lemmaOf } from '../../language/lemma.ts';
import { type Condition, plain, selectFrom } from '../../query/tree.ts';
import type { IndexedTable, Link } from '../../schema-index/schema-index.ts';
import { valueConditions } from '../conditions/values.ts';
import { isPeople } from '../names.ts';
import { along, pathsFrom } from '../paths.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';
import { words } from '../words.ts';

const keyWords = /^(?:id|no|nr|number|code|key|ref|by)$/u;

/** The keys between two other tables that a word names by what they make of a row: `host` of `host_id`. */
export function rolesAt(
  context: Pick<Context, 'analysis' | 'lowers'>,
  at: number,
): readonly { readonly link: Link; readonly role: string }[] {
  const { columns, links, tables } = context.analysis.schemaIndex;
  const word = context.lowers[at] ?? '';
  return links.flatMap((link) => {
    const [left = -1] = link.left;
    const target = tables[link.to];
    // Rows that only tie people to others are called as what they make of them: `guests`.
    const own = isTie(context.analysis, link)
      ? (tables[link.from]?.words ?? [])
      : (columns[left]?.words ?? []).filter((each) => !keyWords.test(each));
    const [role] = own;
    return link.left.length === 1 &&
      link.from !== link.to &&
      own.length === 1 &&
      role !== undefined &&
      word.length > 2 &&
      isForm(word, role) &&
      target?.words.includes(role) !== true
      ? [{ link, role }]
      : [];
  });
}

/** Whether a table holds nothing but keys, is called as people are, and ties the people of another to something. */
export function isTie(analysis: Analysis, { from, to }: Link): boolean {
  const { links, tables } = analysis.schemaIndex;
  const [table, people] = [tables[from], tables[to]];
  return (
    table !== undefined &&
    people !== undefined &&
    words.people.has(table.words.at(-1) ?? '') &&
    isPeople(analysis, people) &&
    table.columns.every((id) => links.some(({ left }) => left.includes(id)))
  );
}

/** The condition on the rows that are referred to, that a row refers to them in this role, perhaps such a row alone. */
function inRole(context: Context, link: Link, inner: Condition | null): Condition {
  const { columns } = context.analysis.schemaIndex;
  const [left = -1] = link.left;
  const [right = -1] = link.right;
  const guard: Condition[] =
    columns[left]?.column.nullable === false ? [] : [{ kind: 'null', column: left, negated: true }];
  const all = [...(inner === null ? [] : [inner]), ...guard];
  const [first] = all;
  return {
    kind: 'in',
    column: right,
    negated: false,
    query: {
      ...selectFrom(link.from, [plain(left)]),
      where: first === undefined ? null : all.length === 1 ? first : { kind: 'and', conditions: all },
    },
  };
}

/** `who hosts Night Ledger`, `host of Night Ledger`, `hosts`: those that a key makes something of. */
export const inRoles: Rule = (context, reading) => {
  const { analysis, lowers, table } = context;
  const { schemaIndex } = analysis;
  if (reading.negated) {
    return [];
  }
  const { at } = reading;
  const isVerb = reading.named && reading.head === 'who';
  return rolesAt(context, at).flatMap(({ link, role }): Reading[] => {
    const from = schemaIndex.tables[link.from];
    if (link.to !== table.id || from === undefined || (reading.named && !isVerb)) {
      return [];
    }
    const read = (end: number, inner: Condition | null, more: number): Reading =>
      readOn(context, reading, end, `${role} of ${from.name}`, {
        named: true,
        plural: /s$/u.test(lowers[at] ?? ''),
        conditions: [...reading.conditions, inRole(context, link, inner)],
        having: false,
        lastValue: null,
        more,
      });
    let next = at + 1;
    while (/^(?:of|for|the|in)$/u.test(lowers[next] ?? '') && (isVerb ? lowers[next] === 'the' : true)) {
      next++;
    }
    const told = thingsAt(context, from, next).map(({ condition, end, cost }) =>
      read(end, condition, cost + 0.05),
    );
    // `drivers` are those whose own role says so, where it does.
    const isValue = context.names
      .valuesAt(at)
      .some(({ value }) => schemaIndex.columns[value.column]?.table === table.id);
    // `what was collected` asks for no collectors, and `tests` that have a table for no testers.
    const isDone =
      (/ed$/u.test(lowers[at] ?? '') && lowers[at] !== role) ||
      (lemmaOf(lowers[at] ?? '') !== lemmaOf(role) &&
        context.names.tablesAt(at).some(({ id, cost }) => id !== table.id && cost < 0.3));
    return isVerb || isValue || isDone
      ? told
      : [...told, read(at + 1, null, isTie(analysis, link) ? 0 : 0.2)];
  });
};

/** `hosted by Maya Lindqvist`, `does Maya Lindqvist host`: the rows whose key has that role, by who is referred to. */
export const madeBy: Rule = (context, reading) => {
  const { analysis, lowers, table } = context;
  const { schemaIndex } = analysis;
  if (!reading.named) {
    return [];
  }
  const asks = /^(?:do|does|did|has|have|had|is|was)$/u.test(lowers[reading.at] ?? '') ? 1 : 0;
  const start = reading.at + asks;
  const found: Reading[] = [];
  const add = (link: Link, person: { readonly condition: Condition }, end: number, cost: number): void => {
    const condition = along(schemaIndex, { to: link.to, steps: [{ link, up: true }] }, person.condition);
    if (!reading.negated) {
      found.push(
        readOn(context, reading, end, `${schemaIndex.columns[link.left[0] ?? -1]?.name ?? ''} such as this`, {
          conditions: [...reading.conditions, condition],
          having: false,
          lastValue: null,
          more: cost,
        }),
      );
    }
  };
  for (const { link } of rolesAt(context, start)) {
    const target = schemaIndex.tables[link.to];
    if (link.from === table.id && target !== undefined && lowers[start + 1] === 'by') {
      for (const person of thingsAt(context, target, start + 2)) {
        add(link, person, person.end, person.cost);
      }
    }
  }
  if (asks === 1) {
    for (const target of schemaIndex.tables) {
      for (const person of thingsAt(context, target, start)) {
        for (const { link } of rolesAt(context, person.end)) {
          if (link.from === table.id && link.to === target.id) {
            add(link, person, person.end + 1, person.cost);
          }
        }
      }
    }
  }
  return found;
};

/** The rows of a table that a stored value at a place tells. */
export const thingsAt = (
  context: Context,
  table: IndexedTable,
  at: number,
): ReturnType<typeof valueConditions> =>
  valueConditions({ ...context, table, paths: pathsFrom(context.analysis.schemaIndex, table.id) }, at);
