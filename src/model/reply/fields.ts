import { isStatement } from './sql-alone.ts';

/** What a model writes for a text that it has not. */
const nothing = /^(?:|no|none|false|nothing|not applicable|-+|\.{3}|…|\[\]|\{\}|<[^<>]*>)\.?$/iu;

/**
 * The keys of an answer as they are meant, in the types that an answer has: small models write `false` or `[]` for null,
 * a text for a list, a list of lines for a text, a name of their own for the query, or leave the dots of an example.
 */
export function asMeant(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const named = Object.fromEntries(Object.entries(object).map(([key, held]) => [key.toLowerCase(), held]));
  const { unanswerable, reasoning, sql, ...rest } = named;
  const fields: Readonly<Record<string, unknown>> = {
    ...rest,
    reasoning: asText(reasoning) ?? null,
    sql: wanted(asQuery(sql ?? ownQuery(rest))),
    // Whoever says yes says why where it reasons.
    unanswerable: unanswerable === true ? asText(reasoning) : wanted(asText(unanswerable)),
    clarification: wanted(asText(rest['clarification'])),
    assumptions: asList(rest['assumptions']),
    needs: asList(rest['needs']),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, held]) => held !== null && held !== undefined));
}

/** The one statement under a key that no answer has. */
function ownQuery(rest: Readonly<Record<string, unknown>>): unknown {
  const found = Object.values(rest).filter((held) => typeof held === 'string' && isStatement(held));
  return found.length === 1 ? found[0] : null;
}

/** A query within an object of its own is that object's one text. */
function asQuery(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const texts = Object.values(value).filter((held) => typeof held === 'string' && isStatement(held));
    return texts.length === 1 ? texts[0] : value;
  }
  return asText(value);
}

function wanted(value: unknown): unknown {
  return typeof value === 'string' && nothing.test(value.trim()) ? null : value;
}

/** A text, or lines of one; what says nothing is null, and what is something else stays for the schema to refuse. */
function asText(value: unknown): unknown {
  if (value === false || isEmpty(value)) {
    return null;
  }
  return Array.isArray(value) && value.every((part) => typeof part === 'string') ? value.join('\n') : value;
}

function asList(value: unknown): unknown {
  if (value === false || isEmpty(value)) {
    return null;
  }
  if (typeof value === 'string') {
    return [value];
  }
  const items: readonly unknown[] = Array.isArray(value)
    ? value
    : typeof value === 'object' && value !== null
      ? Object.entries(value).map((entry) => entry.join(': '))
      : [];
  return items.length === 0
    ? value
    : items.map((item) => (typeof item === 'object' && item !== null ? textsIn(item).join(': ') : item));
}

function textsIn(value: object): readonly string[] {
  return Object.values(value).filter((held) => typeof held === 'string');
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
