import type { Relatedness } from '../link/similarity.ts';

/** Loads what is known of words that mean the same. */
export async function loadRelatedness(): Promise<Relatedness> {
  return () => 0;
}

/** Loads the test of whether something is an English word. */
export async function loadVocabulary(): Promise<(word: string) => boolean> {
  return () => false;
}
