/** A node of DuckDB's parse tree, or one of its fields, as `json_serialize_sql` gives it. */
export type Tree = { readonly [field: string]: unknown };

/** A node or a struct; null for a list, a text and all else. */
export function asTree(value: unknown): Tree | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}
