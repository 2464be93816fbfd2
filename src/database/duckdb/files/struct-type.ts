/** A field of an object. */
export interface Field {
  readonly name: string;
  /** As DuckDB writes it. */
  readonly type: string;
}

/** The fields of `STRUCT(a BIGINT, "b c" STRUCT(d VARCHAR)[])`, or of a list of such objects. */
export function fieldsOf(type: string): readonly Field[] {
  const inside = /^STRUCT\((.*)\)(?:\[\])*$/su.exec(type)?.[1] ?? '';
  const fields: Field[] = [];
  let at = 0;
  while (at < inside.length) {
    const [whole = '', quoted, bare = ''] =
      /^\s*(?:"((?:[^"]|"")*)"|([^\s"]+))\s+/su.exec(inside.slice(at)) ?? [];
    if (whole === '') {
      break;
    }
    const start = at + whole.length;
    const end = endOfType(inside, start);
    fields.push({ name: quoted?.replaceAll('""', '"') ?? bare, type: inside.slice(start, end) });
    at = end + 1;
  }
  return fields;
}

/** Where the comma after a type stands, or the end. */
function endOfType(text: string, start: number): number {
  let depth = 0;
  let quote = '';
  for (let at = start; at < text.length; at++) {
    const letter = text[at] ?? '';
    if (quote !== '') {
      quote = letter === quote ? '' : quote;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
    } else if (letter === '(') {
      depth += 1;
    } else if (letter === ')') {
      depth -= 1;
    } else if (letter === ',' && depth === 0) {
      return at;
    }
  }
  return text.length;
}
