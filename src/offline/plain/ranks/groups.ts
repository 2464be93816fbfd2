import { isForm } from '../../language/form.ts';
import { lemmaOf } from '../../language/lemma.ts';
import type { Link } from '../../schema-index/schema-index.ts';
import { labelsOf } from '../names.ts';
import { isUp, keyed, onlyWay, type Path } from '../paths.ts';
import { type Context, type Grouping, type Reading, type Rule, readOn } from '../reading.ts';
import { words } from '../words.ts';

/** `per genre`, `by category`, `in each course`, `of each book`, `for each kind of job`, `by number of rooms`. */
export const groups: Rule = (context, reading) => {
  const { lowers } = context;
  const also =
    reading.groups.length === 1 && lowers[reading.at] === 'and' && reading.lastGroup === reading.at;
  if (!also && reading.groups.length > 0 && reading.groups.some(({ kind }) => kind !== 'time')) {
    return [];
  }
  let { at } = reading;
  const by = lowers[at] === 'by' || lowers[at] === 'per' || also;
  const acts = /^(?:did|does|do|has|have)$/u.test(lowers[at] ?? '');
  const each =
    /^(?:for|in|of|on|at|from|with|did|does|do|has|have)$/u.test(lowers[at] ?? '') &&
    (/^(?:each|every)$/u.test(lowers[at + 1] ?? '') ||
      // `does a passenger have on average`
      (acts && /^(?:an?|the)$/u.test(lowers[at + 1] ?? '') && lowers.includes('average')));
  if (!by && !each && !/^(?:each|every)$/u.test(lowers[at] ?? '')) {
    return [];
  }
  at += each ? 2 : 1;
  while (/^(?:the|each|every|different|by|per)$/u.test(lowers[at] ?? '')) {
    at++;
  }
  if (/^(?:number|count)$/u.test(lowers[at] ?? '') && lowers[at + 1] === 'of') {
    at += 2;
  }
  // Where rows are listed, `by` may as well ask for an order.
  if (reading.asked === 'rows' && (reading.head !== null || reading.limit !== null)) {
    return [];
  }
  return groupingsAt(context, at).flatMap(({ grouping, end, cost, name }): Reading[] => {
    // `how many orders did each customer place`: the verb says no more than that they are theirs.
    const verb = acts && each ? lowers[end] : undefined;
    const said = verb !== undefined && isOwning(context, verb) ? 1 : 0;
    return acts && each && said === 0 && end < lowers.length && context.analysis.tokens[end]?.kind !== 'mark'
      ? []
      : [
          readOn(context, reading, end + said, `one row for each ${name}`, {
            groups: [...reading.groups, grouping],
            lastGroup: end + said,
            named: reading.named || reading.measure !== null,
            more: cost,
          }),
        ];
  });
};

/** Whether a verb only says that rows belong to somebody: `have`, `do`, `place` of orders. */
const isOwning = ({ table }: Context, verb: string): boolean =>
  words.owning.has(verb) ||
  /^(?:do|make|place|perform|write|handle|complete|carry)$/u.test(lemmaOf(verb)) ||
  table.words.some((word) => isForm(verb, word));

interface Found {
  readonly grouping: Grouping;
  readonly end: number;
  readonly cost: number;
  readonly name: string;
}

/** The key to the table that says what the codes of a column mean; null where the column is none of codes. */
function lookupOf({ analysis }: Context, column: number): Link | null {
  const { schemaIndex } = analysis;
  const links = schemaIndex.links.filter(
    (link) => link.left.length === 1 && link.left[0] === column && link.to !== link.from,
  );
  const [link] = links;
  const target = schemaIndex.tables[link?.to ?? -1];
  return link !== undefined &&
    links.length === 1 &&
    target !== undefined &&
    labelsOf(analysis, target).length > 0
    ? link
    : null;
}

/** A group by a column of what the rows refer to, or by what that column refers to in turn. */
function beyond(context: Context, way: Path, column: number): Grouping {
  const lookup = lookupOf(context, column);
  return lookup === null
    ? { kind: 'column', column }
    : {
        kind: 'table',
        table: lookup.to,
        way: { to: lookup.to, steps: [...way.steps, { link: lookup, up: true }] },
      };
}

/** What rows may be grouped by that is named at a place. */
export function groupingsAt(context: Context, at: number): readonly Found[] {
  const { analysis, names, table, lowers } = context;
  const { schemaIndex } = analysis;
  const ofTable = (end: number): number => {
    const hit = lowers[end] === 'of' ? names.tablesAt(end + 1).find(({ id }) => id === table.id) : undefined;
    return hit?.end ?? end;
  };
  const columns = names.columnsAt(table.id, at).flatMap(({ id, end, cost }): Found[] => {
    const column = schemaIndex.columns[id];
    if (column === undefined || (column.primary && table.primaryKey.length === 1)) {
      return [];
    }
    // `for each level code` asks for the codes themselves.
    const coded = lowers.slice(at, end).some((word) => /^(?:codes?|ids?|numbers?)$/u.test(word));
    const lookup = coded ? null : lookupOf(context, id);
    return [
      {
        grouping:
          lookup === null
            ? { kind: 'column', column: id }
            : {
                kind: 'table',
                table: lookup.to,
                ...((context.paths.get(lookup.to) ?? []).length > 1 ? { way: keyed(lookup) } : {}),
              },
        end: ofTable(end),
        cost,
        name: column.name,
      },
    ];
  });
  const tables = names.tablesAt(at).flatMap(({ id, end, cost }): Found[] => {
    const way = onlyWay(context, id);
    if (way === null || way.steps.length === 0) {
      return [];
    }
    const beyond = way.steps.length === 2 && way.steps[0]?.up === false && way.steps[1]?.up === true;
    return isUp(way) || beyond
      ? [
          {
            grouping: { kind: 'table', table: id },
            end,
            cost: cost + (beyond ? 0.1 : 0),
            name: schemaIndex.tables[id]?.name ?? '',
          },
        ]
      : [];
  });
  if (columns.length + tables.length > 0) {
    return [
      ...columns.filter(({ end }) => tables.every((other) => other.end <= end)),
      ...tables.filter(({ end, cost }) => columns.every((other) => other.end < end || cost < other.cost)),
    ];
  }
  // A column of what the rows refer to: `orders per city` of their customers.
  return [...context.paths].flatMap(([to, ways]) => {
    const [way] = ways;
    if (
      way === undefined ||
      ways.length > 1 ||
      way.steps.length === 0 ||
      way.steps.length > 2 ||
      !isUp(way)
    ) {
      return [];
    }
    return names.columnsAt(to, at).flatMap(({ id, end, cost }): Found[] => {
      const column = schemaIndex.columns[id];
      return column === undefined || column.primary || column.class === 'date' || cost > 0.1
        ? []
        : [
            {
              grouping: beyond(context, way, id),
              end,
              cost: cost + 0.15 * way.steps.length,
              name: column.name,
            },
          ];
    });
  });
}
