/** A name as written, with what qualifies it. */
export interface QualifiedName {
  readonly catalog: string | null;
  readonly schema: string | null;
  readonly name: string;
}

/** DuckDB folds ASCII letters alone: `É` and `é` are two names. */
export function fold(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** An identifier between quotes. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
