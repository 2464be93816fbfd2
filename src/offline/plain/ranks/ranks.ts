import { numberWords } from '../../language/lexicon.ts';
import { countAll, type Expression, plain } from '../../query/tree.ts';
import { isTime } from '../../time/kept.ts';
import { measures } from '../amounts.ts';
import { hasValue } from '../conditions/conditions.ts';
import { datesFor } from '../conditions/dates.ts';
import { amountOf } from '../heads/worked-out.ts';
import { blanksOf, type Hit, isQuantity, ownColumns } from '../names.ts';
import { onlyWay, type Path } from '../paths.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';
import { tablesOfVerb } from '../relations/relations.ts';
import { rolesAt } from '../relations/roles.ts';
import { type Measured, measuredAt, words } from '../words.ts';

/** Places of an order, and how many rows stand before them. */
export const ordinals: Readonly<Record<string, number>> = {
  second: 1,
  third: 2,
  fourth: 3,
  fifth: 4,
  '2nd': 1,
  '3rd': 2,
  '4th': 3,
  '5th': 4,
};

/** `3`, `top 5`, `the first three`: how many of an order. */
export const limits: Rule = (context, reading) => {
  const { analysis, lowers } = context;
  if (reading.named || reading.limit !== null || reading.asked !== 'rows') {
    return [];
  }
  const { at } = reading;
  const top = lowers[at] === 'top' ? 1 : 0;
  const number = analysis.tokens[at + top]?.number ?? null;
  if (
    number === null ||
    !Number.isInteger(number) ||
    number < 1 ||
    number > 1000 ||
    Object.hasOwn(ordinals, lowers[at + top] ?? '') ||
    lowers[at + top] === 'first'
  ) {
    return [];
  }
  return [readOn(context, reading, at + top + 1, null, { limit: number })];
};

export const ordered = (
  context: Context,
  reading: Reading,
  end: number,
  by: Expression,
  descending: boolean,
  changes: Partial<Reading> & { readonly more?: number } = {},
): Reading => {
  const column = context.analysis.schemaIndex.columns[by.column ?? -1];
  const name = by.aggregate === 'count' ? 'number of rows' : (column?.name ?? '');
  // A missing value is neither the lowest nor the highest.
  const isOne = by.aggregate === null || by.aggregate === 'min' || by.aggregate === 'max';
  const mayLack =
    column !== undefined &&
    !column.primary &&
    (column.column.nullable || blanksOf(context.analysis, column.id).length > 0);
  const missing = isOne && mayLack ? [hasValue(context.analysis, column.id, false)] : [];
  return readOn(
    context,
    reading,
    end,
    `by ${name}, ${descending ? 'highest' : 'lowest'} first${missing.length > 0 ? `, rows without ${name} left out` : ''}`,
    {
      ...changes,
      conditions: [...(changes.conditions ?? reading.conditions), ...missing],
      order: { by, descending, joins: null },
      limit: changes.limit ?? reading.limit ?? 1,
    },
  );
};

/** `oldest`, `second most expensive`, `3 cheapest`, `is the biggest`, `best paid`, `latest`. */
export const superlatives: Rule = (context, reading) => {
  const { analysis, lowers } = context;
  if (reading.order !== null || reading.asked !== 'rows' || reading.negated || reading.ofEach) {
    return [];
  }
  let { at } = reading;
  const offset = ordinals[lowers[at] ?? ''] ?? null;
  if (offset !== null) {
    at++;
  }
  const placed = offset === null ? {} : { offset, limit: 1 };
  if (lowers[at] === 'best' && lowers[at + 1] === 'paid') {
    const pay = ownColumns(analysis.schemaIndex, context.table.id).filter(
      (column) => isQuantity(analysis, column) && column.words.some((word) => words.paidMost.has(word)),
    );
    return pay.map(({ id }) => ordered(context, reading, at + 2, plain(id), true, placed));
  }
  // `the second order of each customer`
  const isNoun = context.names.tablesAt(at).some(({ id, cost }) => id === context.table.id && cost < 0.3);
  if (offset !== null && isNoun && !reading.named && reading.limit === null) {
    return datesFor(context, null, false).map(({ column, cost }) =>
      ordered(context, reading, at, plain(column.id), false, { ...placed, more: cost }),
    );
  }
  const found = measuredAt(lowers, at, 'most');
  // Where rows tie, the second in each group by an amount may be another of the first.
  if (found !== null && (offset === null || reading.within === null)) {
    const up = found.adjective.up !== found.reversed;
    // `latest 5 loans`.
    const behind =
      offset === null && reading.limit === null && !reading.named ? numberAt(context, found.end) : null;
    const end = found.end + (behind === null ? 0 : 1);
    const cut = behind === null ? placed : { limit: behind };
    // The newest is what came to be last, whatever else was done to it since.
    const measured = isOfTime(found.adjective)
      ? datesFor(context, null, true).map(({ column }) => ({ column, falls: true }))
      : measures(context, found.adjective);
    return measured.flatMap(({ column, falls }, _index, all) =>
      // `highest` and `largest` by themselves name what they measure next.
      names(context, found.end, reading)
        ? []
        : [
            ordered(context, reading, end, plain(column.id), falls ? !up : up, {
              ...cut,
              more: all.length > 1 ? 0.1 : 0,
            }),
          ],
    );
  }
  const ends = /^(?:first|last|newest|latest|earliest|most recent)$/u.exec(lowers[at] ?? '');
  if (ends !== null && offset === null) {
    const number = numberAt(context, at + 1);
    const forward = /^(?:last|newest|latest)$/u.test(ends[0]);
    return reading.named
      ? []
      : datesFor(context, null, false).map(({ column, cost }) =>
          ordered(context, reading, at + (number === null ? 1 : 2), plain(column.id), forward, {
            ...(number === null ? {} : { limit: number }),
            more: cost + 0.1,
          }),
        );
  }
  return [];
};

/** Whether an adjective measures nothing but when: `new`, `late`, `early`. */
export const isOfTime = ({ of, back = [] }: Measured): boolean => of.length === 0 && back.length > 0;

/** A whole number at a place, in digits or in words; null for none. */
function numberAt({ analysis, lowers }: Context, at: number): number | null {
  const word = lowers[at] ?? '';
  return Object.hasOwn(numberWords, word) || /^\d{1,4}$/u.test(word)
    ? (analysis.tokens[at]?.number ?? null)
    : null;
}

/** Whether a column that is an amount is named at a place. */
const names = (context: Context, at: number, { named }: Reading): boolean =>
  !named &&
  !context.names.tablesAt(at).some(({ cost }) => cost === 0) &&
  context.names.columnsAt(context.table.id, at).some(({ id }) => {
    const column = context.analysis.schemaIndex.columns[id];
    return column !== undefined && isQuantity(context.analysis, column);
  });

/** `with the highest fee`, `lowest price first`, `has the longest duration`: an order by a column that is named. */
export const byNamed: Rule = (context, reading) => {
  const { analysis, lowers, table } = context;
  if (
    reading.order !== null ||
    reading.asked !== 'rows' ||
    reading.negated ||
    reading.ofEach ||
    !reading.named
  ) {
    return [];
  }
  let { at } = reading;
  while (lowers[at] === 'the' || lowers[at] === 'a') {
    at++;
  }
  // `with the second highest fee`.
  const offset = ordinals[lowers[at] ?? ''] ?? null;
  if (offset !== null) {
    at++;
  }
  const placed = offset === null ? {} : { offset, limit: 1 };
  const high = /^(?:highest|largest|biggest|greatest|maximum|most|longest)$/u.test(lowers[at] ?? '');
  const low = /^(?:lowest|smallest|least|minimum|fewest|shortest)$/u.test(lowers[at] ?? '');
  if (!high && !low) {
    return [];
  }
  return context.names.columnsAt(table.id, at + 1).flatMap(({ id, end, cost }) => {
    const column = analysis.schemaIndex.columns[id];
    return column === undefined || !isQuantity(analysis, column)
      ? []
      : [ordered(context, reading, end, plain(id), high, { having: false, more: cost, ...placed })];
  });
};

/** The tables whose rows belong to one each of those that are asked for: uses of them, `which room is used most`. */
const belonging = ({ paths }: Context): readonly { readonly way: Path; readonly cost: number }[] =>
  [...paths.values()].flatMap(([way, ...others]) =>
    way !== undefined && others.length === 0 && way.steps.length === 1 && way.steps[0]?.up === false
      ? [{ way, cost: 0.3 }]
      : [],
  );

/** Verbs that say of rows no more than whose they are: `lost the most games` is not among them. */
export const doing =
  /^(?:wrote|writes|made|makes|placed|places|took|takes|handled|handles|answered|answers|did|does|got|gets|received|receives|gave|gives|raised|filed|submitted|owns|own|owned|holds|held|runs|performed|performs|wrote|teaches|taught|hosted|hosts|drove|drives|flew|flies|bought|buys|sold|sells|issued|recorded|completed)$/u;

const isMost = (lowers: readonly string[], at: number): boolean =>
  /^(?:most|fewest|least)$/u.test(lowers[lowers[at] === 'the' ? at + 1 : at] ?? '');

/** `has the most orders`, `ordered most often`, `is used most`, `costs the most`. */
export const mostOf: Rule = (context, reading) => {
  const { lowers, lemmas, table } = context;
  if (reading.order !== null || reading.asked !== 'rows' || reading.negated || !reading.named) {
    return [];
  }
  let { at } = reading;
  const roles = isMost(lowers, at + 1) ? rolesAt(context, at) : [];
  while (
    lowers[at] === 'the' ||
    ((roles.length > 0 || doing.test(lowers[at] ?? '')) && isMost(lowers, at + 1))
  ) {
    at++;
  }
  const found: Reading[] = [];
  const most = /^(?:most|fewest|least)$/u.test(lowers[at] ?? '');
  const descending = lowers[at] === 'most';
  const counted = (way: Path | null, { id, end }: Hit, more: number): Reading => {
    const rows = context.analysis.schemaIndex.tables[id]?.name ?? '';
    const first = ordered(context, reading, at + 1, countAll, descending, {
      having: false,
      counted: way,
      more,
    });
    return readOn(context, first, end, `rows of ${rows} are counted`);
  };
  if (most) {
    for (const hit of context.names.tablesAt(at + 1)) {
      // `issued the most`: by the key that says who did so, and by no other.
      const role = roles.filter(({ link }) => link.from === hit.id && link.to === table.id);
      const [by] = role;
      const way =
        roles.length === 0
          ? onlyWay(context, hit.id)
          : by !== undefined && role.length === 1
            ? { to: hit.id, steps: [{ link: by.link, up: false }] }
            : null;
      if (reading.ofEach && hit.id === table.id) {
        found.push(counted(null, hit, hit.cost));
      } else if (!reading.ofEach && way?.steps[0]?.up === false) {
        found.push(counted(way, hit, hit.cost + 0.15 * (way.steps.length - 1)));
      }
    }
  }
  // `ordered most often`, `is used the most`: rows of the table that the verb speaks of.
  const verb = lowers[at] ?? '';
  let after = at + 1;
  while (lowers[after] === 'the') {
    after++;
  }
  const often = lowers[after + 1] === 'often' || lowers[after + 1] === 'frequently' ? 2 : 1;
  if (
    /^(?:most|least)$/u.test(lowers[after] ?? '') &&
    /\p{L}{3,}/u.test(verb) &&
    !/^(?:has|have|the)$/u.test(verb)
  ) {
    const down = lowers[after] === 'most';
    if (/^(?:cost|costs|earn|earns|bring|brings)$/u.test(verb)) {
      const amount = amountOf(context);
      if (amount !== null) {
        const by: Expression = reading.ofEach ? { ...plain(amount), aggregate: 'sum' } : plain(amount);
        found.push(ordered(context, reading, after + 1, by, down));
      }
    } else if (reading.ofEach) {
      const own = ownColumns(context.analysis.schemaIndex, table.id).some(
        (column) => isTime(context.analysis, column) && column.words.includes(lemmas[at] ?? ''),
      );
      if (own || often === 2) {
        found.push(ordered(context, reading, after + often, countAll, down, { more: own ? 0.05 : 0.3 }));
      }
    } else {
      const spoken = tablesOfVerb(context, verb, lemmas[at] ?? '');
      for (const { way, cost } of spoken.length > 0 || verb !== 'used' ? spoken : belonging(context)) {
        found.push(
          ordered(context, reading, after + often, countAll, down, {
            having: false,
            counted: way,
            more: cost,
          }),
        );
      }
    }
  }
  return found;
};
