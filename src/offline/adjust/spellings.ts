import type { Candidate } from '../grammar/candidate.ts';
import { isSpelledVariously, spellingsOf } from '../link/spellings.ts';
import type { ValueLookup } from '../link/values.ts';
import type { Condition, Query, SelectQuery } from '../query/tree.ts';

/**
 * The query with every spelling of the texts that it compares with: where a column holds `Leeds`, `LEEDS` and `leeds `,
 * somebody who asks for Leeds means all of them.
 */
export function withSpellings(lookup: ValueLookup, candidate: Candidate): Candidate {
  const query = inQuery(lookup, candidate.query);
  if (query === candidate.query) {
    return candidate;
  }
  const items = candidate.filter.items.map((item) => ({
    ...item,
    condition: spelled(lookup, item.condition),
  }));
  return { ...candidate, query, filter: { ...candidate.filter, items } };
}

function inQuery(lookup: ValueLookup, query: Query): Query {
  if (query.kind === 'select') {
    return inSelect(lookup, query);
  }
  const left = inSelect(lookup, query.left);
  const right = inSelect(lookup, query.right);
  return left === query.left && right === query.right ? query : { ...query, left, right };
}

function inSelect(lookup: ValueLookup, query: SelectQuery): SelectQuery {
  const where = query.where === null ? null : spelled(lookup, query.where);
  const told = query.select.flatMap(({ aggregate, distinct, column }) =>
    column !== null && (aggregate === null ? query.distinct || query.group.length > 0 : distinct)
      ? [column]
      : [],
  );
  const various = [...told, ...query.group].filter((column) => isSpelledVariously(lookup, column));
  return where === query.where && various.length === 0
    ? query
    : { ...query, where, ...(various.length === 0 ? {} : { spelled: new Set(various) }) };
}

/** A condition, or the same object where no text in it has another spelling. */
function spelled(lookup: ValueLookup, condition: Condition): Condition {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const conditions = condition.conditions.map((part) => spelled(lookup, part));
      return conditions.every((part, index) => part === condition.conditions[index])
        ? condition
        : { ...condition, conditions };
    }
    case 'in':
    case 'scalar': {
      const query = inSelect(lookup, condition.query);
      return query === condition.query ? condition : { ...condition, query };
    }
    case 'compare': {
      const { left, right, operator } = condition;
      if (right.kind !== 'text' || left.column === null || left.aggregate !== null) {
        return condition;
      }
      if (operator !== '=' && operator !== '<>') {
        return condition;
      }
      const texts = spellingsOf(lookup, left.column, right.text);
      if (texts.length < 2) {
        return condition;
      }
      const conditions = texts.map((text) => ({ ...condition, right: { kind: 'text' as const, text } }));
      return { kind: operator === '=' ? 'or' : 'and', conditions };
    }
    default:
      return condition;
  }
}
