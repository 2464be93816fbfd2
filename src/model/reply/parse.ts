import { z } from 'zod';
import { type Answer, partialAnswerSchema, toAnswer } from '../answer.ts';
import { asMeant } from './fields.ts';
import { balancedObjects, parseJson, unclosedObject } from './json.ts';
import { inTags, underLabels } from './labelled.ts';
import { isStatement, sqlAlone } from './sql-alone.ts';
import { afterThinking, withoutThinking } from './thinking.ts';

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
 * The one parser of every mode: the content, and the tool's arguments. In each, the whole text, else what is said
 * outside thinking: the last object that is an answer, else one in tags or under labels, else the one query. A field of
 * thinking counts where nothing is said besides and it holds nothing but the object, or where its thinking ends before
 * it: some servers put the whole reply there.
 */
export function parseAnswer({ content, toolArguments, reasoning, isCut = false }: ReplyTexts): Parsed {
  const said = [content, toolArguments]
    .filter((text) => text.trim() !== '')
    .map((text) => parseText(text.slice(0, longestText), isCut));
  const answers = said.flatMap((parsed) => (parsed.ok ? [parsed] : []));
  const last = answers.at(-1);
  if (last !== undefined) {
    return decide(answers, last.isSqlAlone);
  }
  const misplaced = content.trim() === '' ? wholeIn(reasoning) : null;
  const read = misplaced === null ? null : decide([validated(parseJson(misplaced))]);
  return read?.ok === true
    ? read
    : (said[0] ?? read ?? { ok: false, problem: 'the reply is empty', last: null });
}

/** The object that is all of a field of thinking, or all that follows the thinking in it. */
function wholeIn(reasoning: string): string | null {
  const text = (afterThinking(reasoning) ?? reasoning).trim();
  const bare = /^```\w*\s*\n(?<body>[\s\S]*?)\n?\s*```$/u.exec(text)?.groups?.['body']?.trim() ?? text;
  return /^\{[\s\S]*\}$/u.test(bare) ? bare : null;
}

function parseText(text: string, isCut: boolean): Parsed {
  // Untouched first: a <think> or a fence inside a string of the SQL is not markup.
  const whole = strictJson(text);
  if (typeof whole === 'string') {
    return parseText(whole, isCut);
  }
  if (whole !== undefined) {
    return decide([validated(Array.isArray(whole) ? whole.at(-1) : whole)]);
  }
  const said = withoutThinking(text);
  const found = objectsIn(said, isCut);
  if (found.some((reading) => reading !== null)) {
    return decide(found);
  }
  // Where the end is missing, a query may be half of one.
  const written = inTags(said) ?? (isCut ? null : underLabels(said));
  const read = written === null ? null : validated({ ...written, sql: queryIn(written['sql']) });
  if (read?.ok === true) {
    return decide([read]);
  }
  const queries = isCut ? [] : sqlAlone(said);
  return decide(
    queries.map(
      (sql) => ({ ok: true, answer: { kind: 'sql', sql, reasoning: '', assumptions: [] } }) as const,
    ),
    true,
  );
}

/** The query of a value that holds it, fenced or not; what is none is not taken for one. */
function queryIn(value: unknown): unknown {
  return typeof value === 'string' ? (sqlAlone(value).at(-1) ?? null) : value;
}

/** What each object of a text says; one that is not closed, that lacks its first brace, or that was escaped, where there is no other. */
function objectsIn(text: string, isCut: boolean): readonly (Validated | null)[] {
  const objects = [...balancedObjects(text)].map((object) => validated(parseJson(object)));
  if (objects.some((reading) => reading?.ok === true)) {
    return objects;
  }
  const called = /\banswer\((?<given>\s*\w+\s*=[\s\S]*)\)/u.exec(text)?.groups?.['given'];
  const others = [
    /\{\s*\\"/u.test(text) ? [...balancedObjects(text.replaceAll('\\"', '"'))].at(-1) : undefined,
    // Python's way to call.
    called === undefined
      ? undefined
      : `{${called.replace(/(?<=^\s*|,\s*)(?<key>\w+)\s*=(?!=)/gu, '"$<key>": ')}}`,
    isCut ? undefined : unclosedObject(text.replace(/\s*`{3,}\s*$/u, '')),
    !isCut && /^\s*"\w+"\s*:/u.test(text) ? `{${text.trim().replace(/\}?$/u, '}')}` : undefined,
  ];
  const read = others.flatMap((object) => (object == null ? [] : [validated(parseJson(object))]));
  return read.some((reading) => reading?.ok === true) ? read : objects;
}

type Validated =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly problem: string };

/** The answer where all answers say the same; what is wrong where they do not, or where there is none. */
function decide(found: readonly (Validated | null)[], isSqlAlone: boolean | undefined = false): Parsed {
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
  const meant = asMeant(object);
  const unknown = Object.keys(object).flatMap((key) =>
    keys.includes(key.toLowerCase()) ? [] : [JSON.stringify(key.toLowerCase())],
  );
  // A key that is not needed does no harm.
  const wanted = Object.entries(meant).filter(([key]) => keys.includes(key));
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
  return Object.entries(object).some(
    ([key, held]) =>
      ['sql', 'unanswerable', 'clarification', 'needs'].includes(key.toLowerCase()) ||
      (typeof held === 'string' && isStatement(held)),
  );
}

function strictJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
