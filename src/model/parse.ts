import { z } from 'zod';
import { type Answer, answerSchema, toAnswer } from './answer.ts';

/** The places of a reply where an answer can stand; '' where a place is empty. */
export interface ReplyTexts {
  readonly content: string;
  readonly toolArguments: string;
  readonly reasoning: string;
}

export type Parsed =
  | { readonly ok: true; readonly answer: Answer }
  /** What is wrong, in words that the model can correct it by. */
  | { readonly ok: false; readonly problem: string };

/**
 * The one parser of every mode: the content, else the tool's arguments, else the reasoning where that parses. In each,
 * the whole text, else what a fence holds, else the first balanced object that is an answer, thinking left out.
 */
export function parseAnswer(texts: ReplyTexts): Parsed {
  let problem: string | null = null;
  for (const text of [texts.content, texts.toolArguments, texts.reasoning]) {
    if (text.trim() === '') {
      continue;
    }
    const parsed = parseText(text.slice(0, longestText));
    if (parsed.ok) {
      return parsed;
    }
    problem ??= parsed.problem;
  }
  return { ok: false, problem: problem ?? 'the reply is empty' };
}

/** Far above any answer; bounds the work that a runaway reply can make. */
const longestText = 200_000;
const mostObjects = 50;

function parseText(text: string): Parsed {
  let problem: string | null = null;
  for (const candidate of candidates(text)) {
    const value = parseJson(candidate);
    if (value === undefined) {
      continue;
    }
    const parsed = validate(value);
    if (parsed.ok) {
      return parsed;
    }
    problem ??= parsed.problem;
  }
  return { ok: false, problem: problem ?? 'it holds no complete JSON object' };
}

function* candidates(text: string): Generator<string> {
  // Untouched first: a <think> or a fence inside a string of the SQL is not markup.
  yield text.trim();
  const spoken = withoutThinking(text);
  for (const [, block] of spoken.matchAll(/```[^\n`]*\n([\s\S]*?)```/g)) {
    yield* balancedObjects(block ?? '');
  }
  yield* balancedObjects(spoken);
}

/** Drops `<think>…</think>`; where one end is missing, everything on the thinking side of the other. */
function withoutThinking(text: string): string {
  let spoken = '';
  let depth = 0;
  let from = 0;
  for (const tag of text.matchAll(/<(\/?)(?:think|thinking|reasoning)>/gi)) {
    const closes = tag[1] === '/';
    if (closes && depth === 0) {
      spoken = '';
    } else if (depth === 0) {
      spoken += text.slice(from, tag.index);
    }
    depth = closes ? Math.max(0, depth - 1) : depth + 1;
    from = tag.index + tag[0].length;
  }
  return depth === 0 ? spoken + text.slice(from) : spoken;
}

/** Texts from each `{` to its own `}`, outermost only, braces in strings not counted. */
function* balancedObjects(text: string): Generator<string> {
  let start = text.indexOf('{');
  for (let tries = 0; start !== -1 && tries < mostObjects; tries++) {
    const end = endOfObject(text, start);
    if (end !== null) {
      yield text.slice(start, end);
    }
    start = text.indexOf('{', end ?? start + 1);
  }
}

function endOfObject(text: string, start: number): number | null {
  let depth = 0;
  let inString = false;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (inString) {
      if (character === '\\') {
        index++;
      } else if (character === '"') {
        inString = false;
      }
    } else if (character === '"') {
      inString = true;
    } else if (character === '{') {
      depth++;
    } else if (character === '}' && --depth === 0) {
      return index + 1;
    }
  }
  return null;
}

function parseJson(text: string): unknown {
  for (const attempt of [text, escapeLineBreaks(text)]) {
    try {
      return JSON.parse(attempt);
    } catch {
      // The next reading, or none: `undefined` is no JSON value.
    }
  }
  return undefined;
}

/** Models that no grammar binds break the lines of SQL inside a JSON string. */
function escapeLineBreaks(json: string): string {
  let escaped = '';
  let inString = false;
  for (let index = 0; index < json.length; index++) {
    const character = json.charAt(index);
    if (inString && character === '\\') {
      escaped += character + json.charAt(++index);
    } else if (inString && '\n\r\t'.includes(character)) {
      escaped += JSON.stringify(character).slice(1, -1);
    } else {
      inString = character === '"' ? !inString : inString;
      escaped += character;
    }
  }
  return escaped;
}

function validate(value: unknown): Parsed {
  const result = answerSchema.safeParse(unwrapped(value));
  if (!result.success) {
    return { ok: false, problem: z.prettifyError(result.error).replaceAll('\n', ' ') };
  }
  const answer = toAnswer(result.data);
  return typeof answer === 'string' ? { ok: false, problem: answer } : { ok: true, answer };
}

/** A tool call that was written out as text, `{"name": …, "arguments": {…}}`, stands for its arguments. */
function unwrapped(value: unknown): unknown {
  const call = z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) });
  const result = call.safeParse(value);
  return result.success ? result.data.arguments : value;
}
