/** A numeral of JSON, and whether it is an integer that a JavaScript number may not hold. */
const numerals = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gu;
const longInteger = /^-?\d{16,}$/u;

/**
 * Parses JSON so that no digit is lost: integers of sixteen digits and more come as texts. Throws a SyntaxError where it
 * is none.
 */
export function parseExact(text: string): unknown {
  return JSON.parse(/\d{16}/u.test(text) ? quoteLongIntegers(text) : text);
}

function quoteLongIntegers(json: string): string {
  let written = '';
  for (let at = 0; at < json.length; ) {
    const open = json.indexOf('"', at);
    const outside = json.slice(at, open < 0 ? json.length : open);
    written += outside.replace(numerals, (numeral) => (longInteger.test(numeral) ? `"${numeral}"` : numeral));
    if (open < 0) {
      break;
    }
    const end = endOfText(json, open);
    written += json.slice(open, end);
    at = end;
  }
  return written;
}

/** The place behind the quote that ends a text. */
function endOfText(json: string, open: number): number {
  for (let quote = json.indexOf('"', open + 1); quote >= 0; quote = json.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === '\\') {
      backslashes += 1;
    }
    if (backslashes % 2 === 0) {
      return quote + 1;
    }
  }
  return json.length;
}
