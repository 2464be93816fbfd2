/**
 * Runs one of the guard's own queries, with texts for `$1`, `$2`, …, and gives its rows, each value as text. What such a
 * query calls is qualified by `"system".main`: a file may hold a macro of any name, an operator's among them.
 */
export type Ask = (
  sql: string,
  values?: readonly string[],
) => Promise<readonly (readonly (string | null)[])[]>;
