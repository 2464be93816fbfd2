import { labelsOf, ownColumns } from '../names.ts';
import { type Reading, type Rule, readOn } from '../reading.ts';
import { personAt } from '../relations/own-keys.ts';

const places =
  /\b(?:address|street|road|house|postcode|post code|zip|zip code|postal code|city|town|village|location)\b/u;

/** `where does Priya Tonks live`, `where is the Old Station`: the columns that say where a row is to be found. */
export const whereabouts: Rule = (context, reading) => {
  const { analysis, lowers, table } = context;
  const { at } = reading;
  const lives = /^where (?:do|does|did)$/u.test(lowers.slice(at, at + 2).join(' '));
  const is = lowers[at] === 'where' && /^(?:is|are)?$/u.test(lowers[at + 1] ?? '');
  if (reading.named || reading.head !== null || (!lives && !is)) {
    return [];
  }
  const first = at + (lowers[at + 1] === 'is' || lowers[at + 1] === 'are' || lives ? 2 : 1);
  const start = lowers[first] === 'the' ? first + 1 : first;
  const found = personAt(context, start);
  const labels = labelsOf(analysis, table);
  const columns = ownColumns(analysis.schemaIndex, table.id).filter(
    ({ id, class: kind, words }) => kind === 'text' && places.test(words.join(' ')) && !labels.includes(id),
  );
  const verb = lowers[found?.end ?? -1] ?? '';
  if (found === null || columns.length === 0 || (lives && !/^(?:live|lives|reside|stay)$/u.test(verb))) {
    return [];
  }
  const end = /^(?:live|lives|reside|stay|located|based|situated)$/u.test(verb) ? found.end + 1 : found.end;
  const shown = columns.map(({ id }) => id);
  return [
    readOn(context, reading, end, columns.map(({ name }) => name).join(', '), {
      named: true,
      head: 'which',
      shown,
      conditions: [...reading.conditions, found.condition],
    }),
  ] satisfies Reading[];
};
