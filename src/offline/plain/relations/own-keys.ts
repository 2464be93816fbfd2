import { isForm } from '../../language/form.ts';
import { type Condition, plain, selectFrom } from '../../query/tree.ts';
import { soleKey } from '../../schema-index/schema-index.ts';
import { joined } from '../conditions/conditions.ts';
import { valueConditions } from '../conditions/values.ts';
import { labelsOf } from '../names.ts';
import type { Context, Reading, Rule } from '../reading.ts';
import { added } from './relations.ts';

/** Who stands over others, and verbs of those who stand under. */
const over = /^(?:boss|manager|supervisor|leader|lead|head|superior|chief)$/u;
const under = /^(?:reports?|reporting|reported|managed|supervised|led|answers?|answering)$/u;
const looksUp = /^(?:reports?|answers?)$/u;

/** `the boss of Kit Moore`, `who reports to Rolf Beck`: keys of a table to itself. */
export const ofItself: Rule = (context, reading) => {
  const { analysis, lowers, table } = context;
  const { schemaIndex } = analysis;
  const key = soleKey(table);
  return schemaIndex.links.flatMap((link): Reading[] => {
    const [left = -1] = link.left;
    const column = schemaIndex.columns[left];
    const role = (column?.words ?? []).filter((word) => !/^(?:id|no|number|by|to|key)$/u.test(word));
    const [word] = role;
    const verb = lowers[reading.at] ?? '';
    const at = reading.at + 1;
    if (
      link.from !== table.id ||
      link.to !== table.id ||
      key === undefined ||
      role.length !== 1 ||
      word === undefined ||
      reading.negated
    ) {
      return [];
    }
    const preposition = lowers[at];
    const names = /^(?:of|to|by)$/u.test(preposition ?? '');
    const speaks =
      isForm(verb, word) ||
      (over.test(word) && under.test(verb)) ||
      (preposition === 'of' && over.test(verb) && (over.test(word) || under.test(word)));
    // `Kit Moore's boss`, `does Kit Moore report to`, `who coaches Kit Moore`: who is asked for stands over him.
    const acts = lowers[reading.at - 1] === 'who' && isForm(verb, word) && !names;
    const person = acts
      ? personAt(context, at)
      : !names || !speaks
        ? ownersOf(context, reading.at, word)
        : personAt(context, at + 1);
    if (person === null) {
      return [];
    }
    // `who does Kit Moore coach` asks for those below.
    const below =
      /^(?:do|does|did)$/u.test(lowers[reading.at - 1] ?? '') &&
      !looksUp.test(lowers[person.end - 1] ?? '') &&
      lowers[person.end - 1] !== 'to';
    const up = (preposition === 'of' || !names || !speaks) && !below;
    const condition: Condition = {
      kind: 'in',
      column: up ? key : left,
      negated: false,
      query: { ...selectFrom(table.id, [plain(up ? left : key)]), where: person.condition },
    };
    return [
      added(
        context,
        { ...reading, named: true },
        person.end,
        condition,
        `${column?.name ?? ''} of ${table.name}`,
        0.05,
      ),
    ];
  });
};

/** The person of whom a boss is asked behind the name, `Kit Moore's boss`, and where those words end. */
function ownersOf(
  context: Context,
  at: number,
  role: string,
): { readonly condition: Condition; readonly end: number } | null {
  const { lowers } = context;
  const person = personAt(context, at);
  if (person === null) {
    return null;
  }
  const word = lowers[person.end] ?? '';
  const asks = isForm(word, role) || (over.test(word) && (over.test(role) || under.test(role)));
  if (looksUp.test(word) && (over.test(role) || under.test(role))) {
    return { ...person, end: person.end + (lowers[person.end + 1] === 'to' ? 2 : 1) };
  }
  return asks && (over.test(word) || word === role) ? { ...person, end: person.end + 1 } : null;
}

/** A person by the stored name, in one column or as first and last name. */
export function personAt(
  context: Context,
  at: number,
): { readonly condition: Condition; readonly end: number } | null {
  const labels = labelsOf(context.analysis, context.table);
  const conditions: Condition[] = [];
  let end = at;
  for (const label of labels) {
    const found = valueConditions(context, end).find(({ column }) => column === label);
    if (found === undefined) {
      return null;
    }
    conditions.push(found.condition);
    end = found.end;
  }
  return conditions.length === 0 ? null : { condition: joined('and', conditions), end };
}
