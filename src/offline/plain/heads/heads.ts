import { isPeople } from '../names.ts';
import { type Reading, type Rule, readOn } from '../reading.ts';
import { words } from '../words.ts';

const counting = /^(?:how many|(?:the )?(?:total |overall )?(?:number|count|amount) of|count)\b/u;

/** `how many`, `the number of`: rows are counted. */
export const counted: Rule = (context, reading) => {
  const match = counting.exec(context.lowers.slice(reading.at, reading.at + 5).join(' '));
  if (match === null || reading.named || reading.head !== null) {
    return [];
  }
  const end = reading.at + match[0].split(' ').length;
  return [readOn(context, reading, end, null, { asked: 'count', head: 'how many' })];
};

/** `which`, `who`, `list the`: words that ask; before the noun they say nothing else. */
export const asking: Rule = (context, reading) => {
  const word = context.lowers[reading.at] ?? '';
  const person = word === 'who' && isPeople(context.analysis, context.table);
  if (reading.named || (!words.asking.has(word) && !person) || reading.negated) {
    return [];
  }
  const head = word === 'which' || word === 'what' || word === 'who' ? word : reading.head;
  return [
    readOn(context, reading, reading.at + 1, null, { head: reading.asked === 'rows' ? head : reading.head }),
  ];
};

/** `names of`, `the email and phone of`: columns to be shown. */
export const shown: Rule = (context, reading) => {
  const { analysis, lowers, names, table } = context;
  if (reading.named || reading.asked !== 'rows' || reading.conditions.length > 0) {
    return [];
  }
  return names.columnsAt(table.id, reading.at).flatMap(({ id, end, cost }): Reading[] => {
    const next = lowers[end] ?? '';
    const more = next === 'and' || next === ',';
    const of = next === 'of' || next === 'for';
    if ((!more && !of) || reading.shown.includes(id)) {
      return [];
    }
    return [
      readOn(context, reading, end + 1, analysis.schemaIndex.columns[id]?.name ?? '', {
        shown: [...reading.shown, id],
        more: cost,
      }),
    ];
  });
};

/** `invoice count by status`: rows are counted, as with `number of invoices`. */
export const countBehind: Rule = (context, { at, named, head, asked, ...reading }) =>
  named && head === null && asked === 'rows' && /^counts?$/u.test(context.lowers[at] ?? '')
    ? [
        readOn(context, { at, named, head, asked, ...reading }, at + 1, null, {
          asked: 'count',
          head: 'how many',
        }),
      ]
    : [];
