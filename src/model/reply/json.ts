import { jsonrepair } from 'jsonrepair';

/** More objects than these are no answer; bounds the work that a runaway reply can make. */
const mostObjects = 50;

/** Texts from each `{` to its own `}`, outermost only, braces in strings not counted. */
export function* balancedObjects(text: string): Generator<string> {
  let start = text.indexOf('{');
  for (let tries = 0; start !== -1 && tries < mostObjects; tries++) {
    const end = endOfObject(text, start);
    if (end !== null) {
      yield text.slice(start, end);
    }
    start = text.indexOf('{', end ?? start + 1);
  }
}

/**
 * The object that a text ends without having closed, as long as no string is open; null where there is none. A model that
 * was not stopped has said all of it.
 */
export function unclosedObject(text: string): string | null {
  const start = text.indexOf('{');
  const open = start === -1 ? null : openBraces(text, start);
  return open === null || open < 1 || open > 5 ? null : `${text.slice(start)}${'}'.repeat(open)}`;
}

/** How many braces are open where a text ends; null within a string. */
function openBraces(text: string, start: number): number | null {
  const outside = text.slice(start).replace(/"(?:[^"\\]|\\[\s\S])*"/gu, '');
  const count = (brace: string): number => outside.split(brace).length - 1;
  return outside.includes('"') ? null : count('{') - count('}');
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

/** A JSON value, with what models commonly get wrong put right; undefined where it is none. The text has to be whole. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The next way, or none.
  }
  try {
    return JSON.parse(jsonrepair(withKnownEscapes(withPlainStrings(text))));
  } catch {
    return undefined;
  }
}

/** Python's long strings as those of JSON. */
function withPlainStrings(json: string): string {
  return json.replace(/"""([\s\S]*?)"""/gu, (_whole, held: string) => JSON.stringify(held.trim()));
}

/**
 * Backslashes that JSON does not know. Before a letter, as in a regular expression's `\d`, they are meant, and so in a
 * pattern of LIKE; else they come of Markdown, which writes `order\_items`.
 */
function withKnownEscapes(json: string): string {
  return json.replace(/\\(?:["\\/bfnrt]|u[\da-f]{4}|(?<other>[\s\S]))/giu, (sequence, ...rest) => {
    const { other }: { other?: string } = rest.at(-1);
    if (other === undefined) {
      return sequence;
    }
    const offset = rest.find((value) => typeof value === 'number') ?? 0;
    const isPattern = /(?:like|similar\s+to|regexp|rlike|glob|~\*?|escape)\s*(?:\w?')[^']*$/iu.test(
      json.slice(Math.max(0, offset - 300), offset),
    );
    return /[a-z\d.%]/iu.test(other) || (isPattern && other !== "'") ? `\\\\${other}` : other;
  });
}
