import { z } from 'zod';
import { type Answer, partialAnswerSchema, toAnswer } from '../answer.ts';
import { balancedObjects, parseJson } from './json.ts';
import { sqlAlone } from './sql-alone.ts';
import { withoutThinking } from './thinking.ts';

/** The places of a reply where an answer can stand; '' where a place is empty. */
export interface ReplyTexts {
  readonly content: string;
  readonly toolArguments: string;
  readonly reasoning: string;
  /** The model was stopped before it had ended. */
  readonly isCut?: boolean;
}

export type Parsed =
  | {
      readonly ok: true;
      readonly answer: Answer;
      /** It is a query and nothing else, as a model answers that was asked for no JSON. */
      readonly isSqlAlone?: true;
    }
  | {
      readonly ok: false;
      /** What is wrong, in words that the model can correct it by. */
      readonly problem: string;
      /** The last of several answers that differ; null where there is none. */
      readonly last: Answer | null;
    };

/** Far above any answer; bounds the work that a runaway reply can make. */
const longestText = 200_000;

/**
 * The one parser of every mode: the content, else the tool's arguments. In each, the whole text, else what is said
 * outside thinking: the last object that is an answer, else the one query. A field of thinking counts where it holds
 * nothing but the object, and nothing is said besides: some servers put the whole reply there.
 */
export function parseAnswer({ content, toolArguments, reasoning, isCut = false }: ReplyTexts): Parsed {
  const misplaced = content.trim() === '' && /^\s*\{[\s\S]*\}\s*$/u.test(reasoning) ? reasoning : '';
  let first: Parsed | null = null;
  for (const text of [content, toolArguments, misplaced]) {
    if (text.trim() === '') {
      continue;
    }
    const parsed = text === misplaced ? parseWhole(text) : parseText(text.slice(0, longestText), isCut);
    if (parsed.ok) {
      return parsed;
    }
    first ??= parsed;
  }
  return first ?? { ok: false, problem: 'the reply is empty', last: null };
}

function parseWhole(text: string): Parsed {
  return decide([validated(parseJson(text.trim()))]);
}

function parseText(text: string, isCut: boolean): Parsed {
  // Untouched first: a <think> or a fence inside a string of the SQL is not markup.
  const whole = strictJson(text);
  if (whole !== undefined) {
    return decide([validated(Array.isArray(whole) ? whole.at(-1) : whole)]);
  }
  const said = withoutThinking(text);
  const found = [...balancedObjects(said)].map((object) => validated(parseJson(object)));
  if (found.some((reading) => reading !== null)) {
    return decide(found);
  }
  // Where the end is missing, a query may be half of one.
  const queries = isCut ? [] : sqlAlone(said);
  return decide(
    queries.map(
      (sql) => ({ ok: true, answer: { kind: 'sql', sql, reasoning: '', assumptions: [] } }) as const,
    ),
    true,
  );
}

type Validated =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly problem: string };

/** The answer where all answers say the same; what is wrong where they do not, or where there is none. */
function decide(found: readonly (Validated | null)[], isSqlAlone = false): Parsed {
  const answers = found.flatMap((reading) => (reading?.ok === true ? [reading.answer] : []));
  const last = answers.at(-1);
  if (last === undefined) {
    const problem = found.flatMap((reading) => (reading?.ok === false ? [reading.problem] : [])).at(-1);
    return { ok: false, problem: problem ?? 'it holds no complete JSON object', last: null };
  }
  if (answers.some((answer) => gistOf(answer) !== gistOf(last))) {
    return { ok: false, problem: 'it holds several answers that differ, and one is wanted', last };
  }
  return { ok: true, answer: last, ...(isSqlAlone ? { isSqlAlone } : {}) };
}

/** What an answer says, without how it is laid out. */
function gistOf(answer: Answer): string {
  return `${answer.kind} ${textOf(answer)
    .replace(/[\s;]+/gu, ' ')
    .trim()}`;
}

function textOf(answer: Answer): string {
  switch (answer.kind) {
    case 'sql':
      return answer.sql;
    case 'unanswerable':
      return answer.reason;
    case 'tables':
      return answer.names.join(' ');
    case 'clarification':
      return answer.question;
    case 'calls':
      return answer.calls.map((call) => `${call.name} ${call.arguments}`).join(' ');
  }
}

/** An answer, or what is wrong with it; null for a value that does not try to be one. */
function validated(value: unknown): Validated | null {
  const object = unwrapped(value);
  if (object === null) {
    return null;
  }
  const keys = Object.keys(partialAnswerSchema.shape);
  const named = Object.entries(object).map(([key, held]) => [key.toLowerCase(), held] as const);
  const unknown = named.flatMap(([key]) => (keys.includes(key) ? [] : [JSON.stringify(key)]));
  // A key that is not needed does no harm, and null says as much as none.
  const wanted = named.filter(([key, held]) => keys.includes(key) && held !== null);
  const result = partialAnswerSchema.safeParse(Object.fromEntries(wanted));
  if (!result.success) {
    return { ok: false, problem: z.prettifyError(result.error).replaceAll('\n', ' ') };
  }
  const answer = toAnswer(result.data);
  if (typeof answer !== 'string') {
    return { ok: true, answer };
  }
  const strange = `Unrecognized key${unknown.length === 1 ? '' : 's'}: ${unknown.join(', ')}; `;
  return { ok: false, problem: (unknown.length === 0 ? '' : strange) + answer };
}

/** Deeper wrappers are no slip any more. */
const deepestWrapper = 3;

/**
 * The object itself, or the one that another wraps: `{"answer": {…}}`, a list of one, a tool call that was written out
 * as text, `{"name": …, "arguments": {…}}`, its arguments as an object or as text.
 */
function unwrapped(value: unknown, depth = 0): Readonly<Record<string, unknown>> | null {
  const parsed = z.record(z.string(), z.unknown()).safeParse(value);
  if (!parsed.success) {
    return null;
  }
  const object = parsed.data;
  if (depth < deepestWrapper && !hasKey(object)) {
    for (const held of Object.values(object)) {
      const inner = typeof held === 'string' && held.trim().startsWith('{') ? parseJson(held) : held;
      const found = unwrapped(Array.isArray(inner) ? inner.at(-1) : inner, depth + 1);
      if (found !== null && hasKey(found)) {
        return found;
      }
    }
  }
  return object;
}

function hasKey(object: Readonly<Record<string, unknown>>): boolean {
  return ['sql', 'unanswerable', 'clarification', 'needs'].some((wanted) =>
    Object.keys(object).some((key) => key.toLowerCase() === wanted),
  );
}

function strictJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
