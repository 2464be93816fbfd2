/** Characters that a terminal obeys or hides, and JSON lets through: C1 controls, DEL, bidirectional and format characters. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** JSON with nothing in it that a terminal would obey; it means the same. */
export function escapedJson(json: string): string {
  return json.replace(unsafe, (character) => (character === '\n' ? character : escaped(character)));
}

/** A character as the units that JavaScript, and so JSON, writes it in. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}
