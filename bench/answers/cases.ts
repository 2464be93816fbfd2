import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { z } from 'zod';

/** The engines for which the cases have gold queries. */
export const goldEngines = ['sqlite', 'postgres', 'mysql'] as const;
export type GoldEngine = (typeof goldEngines)[number];

const caseSchema = z.object({
  id: z.string(),
  database: z.string(),
  question: z.string(),
  kind: z.string().default(''),
  held: z.boolean().default(false),
  gold: z.partialRecord(z.enum(goldEngines), z.union([z.string(), z.array(z.string())])),
});

/** A question with the gold query of one engine. */
export interface Case {
  readonly id: string;
  /** What its results are summed up under: its own kind, or the folder of its file. */
  readonly set: string;
  readonly database: string;
  readonly question: string;
  /** Any of these is right. */
  readonly golds: readonly string[];
}

/** A question of a kind; without a gold query it can't be answered. */
export interface Question extends Case {
  readonly kind: string;
  /** Whether it is kept from whoever tunes the engine, who sees of it only what adds up. */
  readonly held: boolean;
}

/** Reads a case file, a JSON object a line. */
export function readQuestions(file: string, engine: GoldEngine): Question[] {
  const folder = basename(dirname(resolve(file)));
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => caseSchema.parse(JSON.parse(line)))
    .map(({ gold, ...rest }) => ({
      ...rest,
      set: rest.kind === '' ? folder : rest.kind,
      golds: [gold[engine] ?? []].flat(),
    }));
}

/** As `readQuestions`, without those that have no gold query for the engine. */
export function readCases(file: string, engine: GoldEngine): Case[] {
  return readQuestions(file, engine)
    .filter(({ golds }) => golds.length > 0)
    .map(({ kind: _kind, held: _held, ...entry }) => entry);
}

/**
 * So many cases spread evenly over a list, in its order; all where `limit` is null. The same limit always takes the same
 * cases, so that two runs compare.
 */
export function spread<Entry>(cases: readonly Entry[], limit: number | null): readonly Entry[] {
  if (limit === null || limit >= cases.length) {
    return cases;
  }
  return Array.from(
    { length: limit },
    (_, index) => cases[Math.floor((index * cases.length) / limit)],
  ).filter((entry) => entry !== undefined);
}
