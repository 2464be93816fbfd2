/** A search through earlier lines, newest first, as shells have it on Ctrl-R. */
export interface ReverseSearch {
  readonly term: string;
  /** The place of the match among the earlier lines; -1 where nothing matches. */
  readonly at: number;
}

/** The first line from a place on, towards older ones, that holds the term in any case. */
export function findOlder(history: readonly string[], term: string, from: number): ReverseSearch {
  const wanted = term.toLowerCase();
  const at = history.findIndex((line, index) => index >= from && line.toLowerCase().includes(wanted));
  return { term, at };
}
