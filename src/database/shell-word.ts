/** A word as a POSIX shell takes it: in single quotes unless it is plain. */
export function shellWord(text: string): string {
  return /^[\w.:/@=%+-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
