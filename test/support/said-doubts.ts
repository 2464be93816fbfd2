import { expect } from 'vitest';
import type { Doubts } from '../../src/doubts/doubt.ts';
import { saidIn } from '../../src/doubts/said/said.ts';

/** What was found, where every sentence of it can be said in each language: none is left half or wholly in English. */
export function said(found: Doubts): Doubts {
  const sentences = [...found.doubts.map(({ sentence }) => sentence), ...found.notLooked];
  for (const language of ['German', 'Spanish'] as const) {
    for (const sentence of sentences) {
      expect(saidIn(language, sentence), `${language}: ${sentence}`).not.toBe(sentence);
      expect(saidIn(language, sentence).replaceAll(/'[^']*'|"[^"]*"/gu, ''), sentence).not.toMatch(
        /\b(?:the|which|rows?|and|are|holds|of|more|it)\b/u,
      );
    }
  }
  return found;
}
