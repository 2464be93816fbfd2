import { isForm } from '../../language/form.ts';
import { isTime } from '../../time/kept.ts';
import { ownColumns } from '../names.ts';
import { along, isUp, onlyWay, pathsFrom } from '../paths.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';
import { personAt } from './own-keys.ts';
import { asksWhoDid } from './relations.ts';
import { thingsAt } from './roles.ts';

/** Verbs by which somebody comes to have what is named: `bought a ticket`. One that undoes it, `cancelled`, is none. */
export const having =
  /^(?:buy|buys|bought|book|books|booked|get|gets|got|receive|receives|received|make|makes|made|place|places|placed|order|orders|ordered|take|takes|took|taken|own|owns|owned|hold|holds|held|rent|rents|rented|borrow|borrows|borrowed|file|files|filed|submit|submits|submitted|have|had|has|give|gives|gave|given|pay|pays|paid|handle|handles|handled|do|does|done|write|writes|wrote|written)$/u;

/** `bought a ticket`, `never placed an order`: rows by whether others belong to them. */
export const had: Rule = (context, reading) => {
  const { lowers } = context;
  const { at } = reading;
  const article = /^(?:an?|any)$/u.test(lowers[at + 1] ?? '');
  const belongs = context.names.tablesAt(at + 2).some(({ id, cost }) => {
    const way = cost < 0.3 ? onlyWay(context, id) : null;
    return way?.steps[0]?.up === false;
  });
  return reading.named && !reading.having && article && belongs && having.test(lowers[at] ?? '')
    ? [readOn(context, reading, at + 2, null, { having: true })]
    : [];
};

/** `how many tickets did Alma Archer buy`: rows that belong to who is named. */
export const hadBy: Rule = (context, reading) => {
  const { analysis, lowers, table } = context;
  const { schemaIndex } = analysis;
  if (!asksWhoDid(context, reading)) {
    return [];
  }
  const speaks = (verb: string): boolean =>
    having.test(verb) ||
    table.words.some((word) => isForm(verb, word)) ||
    ownColumns(schemaIndex, table.id).some(
      (column) => isTime(analysis, column) && column.ownWords.some((word) => isForm(verb, word)),
    );
  return schemaIndex.tables.flatMap((target): Reading[] => {
    const way = onlyWay(context, target.id);
    if (way === null || way.steps.length === 0 || way.steps.length > 2 || !isUp(way)) {
      return [];
    }
    const whole = personAt(
      { ...context, table: target, paths: pathsFrom(schemaIndex, target.id) },
      reading.at + 1,
    );
    // Whoever stands over what the rows belong to did none of it: a branch's manager no repair.
    const named = thingsAt(context, target, reading.at + 1).filter(
      ({ column }) => schemaIndex.columns[column]?.table === target.id,
    );
    const people = whole === null ? named : [{ ...whole, cost: 0 }];
    return people
      .filter(({ end }) => speaks(lowers[end] ?? ''))
      .map(({ condition, end, cost }) =>
        readOn(context, reading, end + 1, `${schemaIndex.tables[target.id]?.name ?? ''} such as this`, {
          conditions: [...reading.conditions, along(schemaIndex, way, condition)],
          having: false,
          lastValue: null,
          more: cost + 0.05 * way.steps.length,
        }),
      );
  });
};

/** `how many batches did we bottle last month`: `we` is nobody in the data, and the verb tells which date is meant. */
export const didWe = ({ lowers, analysis, table }: Context, { at, named }: Reading): boolean =>
  named &&
  /^(?:did|do|have|had)$/u.test(lowers[at] ?? '') &&
  /^(?:we|you|they|i)$/u.test(lowers[at + 1] ?? '') &&
  ownColumns(analysis.schemaIndex, table.id).some(
    (column) =>
      isTime(analysis, column) && column.ownWords.some((word) => isForm(lowers[at + 2] ?? '', word)),
  );
