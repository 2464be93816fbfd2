/** A text as a literal of Trino: nothing but a quote has another meaning in it. */
export function writeText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name between quotes. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Makes names alike that Trino takes for the same: it folds all of them to lower case, quoted ones too. */
export function fold(name: string): string {
  return name.toLowerCase();
}

/** A schema's name, which is `catalog.schema`, taken apart at its first dot. */
export function splitSchema(name: string): { readonly catalog: string; readonly schema: string } {
  const dot = name.indexOf('.');
  return { catalog: name.slice(0, Math.max(0, dot)), schema: name.slice(dot + 1) };
}
