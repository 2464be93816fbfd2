/** What a text within a list or a struct must not hold, or be, to stand without quotes. */
const special = /^\s|\s$|[[\]{}(),=:'"]/u;

/** A text within a nested value as DuckDB casts it: between quotes where it could be read as something else. */
export function nestedText(text: string): string {
  return text === '' || /^null$/iu.test(text) || special.test(text) ? quotedText(text) : text;
}

/** A text between single quotes, with the escapes that DuckDB reads back. */
export function quotedText(text: string): string {
  return `'${text.replace(/['\\]/gu, '\\$&')}'`;
}
