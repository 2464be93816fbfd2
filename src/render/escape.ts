/**
 * Characters that a terminal obeys or hides: C0 and C1 controls, DEL, bidirectional and other format characters, line
 * and paragraph separators, lone surrogates and the private tags. A comment or a cell could use them to forge what
 * the user sees.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Joiners and variation selectors are harmless inside an emoji, where they only choose its picture. To make this
 * expression takes half as long as to start Node, so it is made when there is something to escape; as a literal it would be
 * made to check its syntax, when the function around it is first called.
 */
let emoji: RegExp | null = null;
const emojiPattern = String.raw`\p{RGI_Emoji}`;

const names: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\u001b': '\\e',
};

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return names[character] ?? `\\u{${code.toString(16).padStart(4, '0')}}`;
}

/** One line of a cell, a header or a name, with everything that a terminal would obey or hide made visible. */
export function escapeLine(text: string): string {
  unsafe.lastIndex = 0;
  if (!unsafe.test(text)) {
    return text;
  }
  let escaped = '';
  let end = 0;
  emoji ??= new RegExp(emojiPattern, 'gv');
  for (const match of text.matchAll(emoji)) {
    escaped += text.slice(end, match.index).replace(unsafe, escapeCharacter) + match[0];
    end = match.index + match[0].length;
  }
  return escaped + text.slice(end).replace(unsafe, escapeCharacter);
}

/** A text as it is, or on a terminal with all escaped that it would obey or hide but line breaks and tabs. */
export function shownText(text: string, onTerminal: boolean): string {
  return onTerminal ? escapeText(text) : text;
}

/** As `escapeLine`, for SQL, errors and prose, whose line breaks and tabs stay. */
export function escapeText(text: string): string {
  return text
    .replace(/\r\n/gu, '\n')
    .split('\n')
    .map((line) => line.split('\t').map(escapeLine).join('\t'))
    .join('\n');
}
