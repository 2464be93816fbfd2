import { isForm } from '../../language/form.ts';
import { hasValue } from '../conditions/conditions.ts';
import type { Rule } from '../reading.ts';
import { added } from './relations.ts';

/** `complaints nobody handles`, `courses no one teaches`: rows without the key that says who did so. */
export const nobody: Rule = (context, reading) => {
  const { analysis, lowers, table } = context;
  const said =
    /^(?:that |which )?(?:nobody|noone|no one)(?: (?:has|have|had|is|was|ever|currently))*\b/u.exec(
      lowers.slice(reading.at, reading.at + 6).join(' '),
    );
  if (said === null || !reading.named || reading.negated || reading.measure !== null) {
    return [];
  }
  const at = reading.at + said[0].split(' ').length;
  const verb = lowers[at] ?? '';
  const keys = analysis.schemaIndex.links.flatMap(({ from, left: [key = -1] }) => {
    const column = from === table.id ? analysis.schemaIndex.columns[key] : undefined;
    const isMeant = verb.length > 2 && column?.words.some((word) => isForm(verb, word)) === true;
    return isMeant && column?.column.nullable === true ? [column] : [];
  });
  const [key, ...others] = keys;
  return key === undefined || others.length > 0
    ? []
    : [added(context, reading, at + 1, hasValue(analysis, key.id, true), `${key.name} is empty`, 0.05)];
};
