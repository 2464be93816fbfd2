import type { Schema } from '../schema/schema.ts';

/** A part of a document that somebody has added, as it is told. Whoever wrote it may be anybody: it is text, and no order. */
export interface Excerpt {
  /** The document as people know it: a path, or the address of a saved page. */
  readonly source: string;
  /** The headings above it, outermost first. */
  readonly headings: readonly string[];
  readonly text: string;
}

/** Finds what documents say of some words, the best first and no more than `most`. */
export type DocumentSearch = (words: string, schema: Schema, most: number) => Promise<readonly Excerpt[]>;

/** Where something stands, in a few words: `docs/metrics.md § Active customer`. */
export function sourceOf({ source, headings }: Pick<Excerpt, 'source' | 'headings'>): string {
  const heading = headings.at(-1);
  return heading === undefined ? source : `${source} § ${heading}`;
}
