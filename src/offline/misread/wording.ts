import type { Analysis } from '../analysis/analysis.ts';
import { lemmaOf, stemOf } from '../language/lemma.ts';
import type { Condition, SelectQuery } from '../query/tree.ts';

/** Conditions without the ones that join them, those of queries within among them. */
export function conditionsOf(condition: Condition | null): readonly Condition[] {
  if (condition === null) {
    return [];
  }
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.conditions.flatMap(conditionsOf);
    case 'in':
      return [condition, ...conditionsOf(condition.query.where)];
    default:
      return [condition];
  }
}

const ranks = /^(?:best|worst|top|bottom|first|last|lowest|highest|latest|newest|oldest)$/u;

/** `best five`: how many of an order, and no value five. */
export function countForValue(analysis: Analysis, query: SelectQuery): string | null {
  const compared = conditionsOf(query.where).flatMap((condition) =>
    condition.kind === 'compare' ? [condition.right] : [],
  );
  const { tokens } = analysis;
  for (const [at, { lower, number }] of tokens.entries()) {
    const before = tokens[at - 1]?.lower ?? '';
    const isCount = number !== null && ranks.test(before);
    if (
      isCount &&
      compared.some((right) =>
        right.kind === 'number' ? right.number === number : right.text === String(number),
      )
    ) {
      return `"${before} ${lower}" asks for ${number} rows of an order, not for the value ${number}.`;
    }
  }
  return null;
}

/** `to ship`, `to be shipped`: what is still to be done is not what is stored as done. */
export function notYetForDone(analysis: Analysis, query: SelectQuery): string | null {
  const { question, tokens } = analysis;
  const texts = conditionsOf(query.where).flatMap((condition) =>
    condition.kind === 'compare' && condition.operator === '=' && condition.right.kind === 'text'
      ? [condition.right.text]
      : condition.kind === 'null' && condition.negated
        ? (analysis.schemaIndex.columns[condition.column]?.ownWords ?? [])
        : [],
  );
  for (const [at, { lower }] of tokens.entries()) {
    const be = tokens[at + 1]?.lower === 'be' || tokens[at + 1]?.lower === 'get' ? 1 : 0;
    const verb = tokens[at + 1 + be];
    if (lower !== 'to' || verb?.kind !== 'word') {
      continue;
    }
    const done = texts.find((text) => {
      const word = text.toLowerCase();
      return (be === 1 || word !== verb.lower) && stemOf(verb.lemma) === stemOf(lemmaOf(word));
    });
    if (done !== undefined) {
      const said = question.slice(tokens[at]?.start, verb.end);
      return `"${said}" asks for what is not ${done} yet: say which of the stored states is meant, or "not ${done}".`;
    }
  }
  return null;
}

/** `not (paid no)`: what is turned round twice is not the same turned round once. */
export function turnedTwice({ question, tokens }: Analysis, query: SelectQuery): string | null {
  const negation = tokens.findIndex(({ lower }) => lower === 'not');
  const open = tokens[negation + 1]?.text === '(' ? negation + 1 : -1;
  const end = open < 0 ? -1 : tokens.findIndex(({ text }, at) => at > open && text === ')');
  return end - open > 2 && query.where !== null
    ? `"${question.slice(tokens[negation]?.start, tokens[end]?.end)}" turns round several words at once: say it without the parentheses.`
    : null;
}

const totals = /^(?:sum|total|totals|together|altogether)$/u;

/** A sum that is asked for by name and that a query lists the rows of. */
export function listForSum({ tokens, columns, tables }: Analysis, query: SelectQuery): string | null {
  const at = tokens.findIndex(({ lower }) => totals.test(lower));
  const isName = [...columns, ...tables].some(
    ({ start, end, weakest }) => weakest >= 0.95 && start <= at && at < end,
  );
  const works = [...query.select, ...query.order.map(({ by }) => by)].some(
    ({ aggregate }) => aggregate !== null,
  );
  return at < 0 ||
    isName ||
    works ||
    query.having !== null ||
    conditionsOf(query.where).some(({ kind }) => kind === 'scalar')
    ? null
    : `The question asks for a sum, and no column that it names can be added up.`;
}

/** `customers who rented in 2024 and 2025`: those of both years, or of one of them. */
export function eitherForBoth({ question }: Analysis, query: SelectQuery): string | null {
  const [, first, second] = /\bin (\d{4}) and (?:in )?(\d{4})\b/iu.exec(question) ?? [];
  const acts = conditionsOf(query.where).filter(({ kind }) => kind === 'in').length;
  return first === undefined || query.group.length > 0 || acts !== 1
    ? null
    : `"in ${first} and ${second}" may ask for those of both years, or of one of them: say "or", or ask for one year at a time.`;
}

/** What is asked of the same rows and denied of them is asked of none. */
export function denied(_analysis: Analysis, query: SelectQuery): string | null {
  const within = conditionsOf(query.where).filter((condition) => condition.kind === 'in');
  const key = (condition: Condition): string => JSON.stringify({ ...condition, negated: false });
  const asked = new Set(within.filter(({ negated }) => !negated).map(key));
  return query.where?.kind === 'and' && within.some((each) => each.negated && asked.has(key(each)))
    ? 'It would ask for rows with something and without it.'
    : null;
}

const ofBirth = /^(?:born|birth|birthday|birthdate|dob)$/u;
const ofAge =
  /^(?:born|birth|birthdays?|birthdates?|dob|aged?|ages|old|older|oldest|young|younger|youngest)$/u;

/** `passengers in 2025`: those who were born then are asked for as such. */
export function bornForPeriod({ schemaIndex, tokens }: Analysis, query: SelectQuery): string | null {
  const starts = conditionsOf(query.where).flatMap((condition) =>
    condition.kind === 'compare' && condition.operator === '>=' ? [condition.left.column ?? -1] : [],
  );
  const ends = conditionsOf(query.where).flatMap((condition) =>
    condition.kind === 'compare' && condition.operator === '<' ? [condition.left.column ?? -1] : [],
  );
  const column = starts
    .filter((id) => ends.includes(id))
    .map((id) => schemaIndex.columns[id])
    .find((each) => each?.words.some((word) => ofBirth.test(word)) === true);
  return column === undefined || tokens.some(({ lower, lemma }) => ofAge.test(lower) || ofAge.test(lemma))
    ? null
    : `${column.name} says when someone was born, which the question does not ask.`;
}
