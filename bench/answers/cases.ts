import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Engine } from '../../src/database/engines.ts';

const caseSchema = z.object({
  id: z.string(),
  database: z.string(),
  question: z.string(),
  kind: z.string().default(''),
  held: z.boolean().default(false),
  gold: z.partialRecord(z.enum(['sqlite', 'postgres', 'mysql']), z.union([z.string(), z.array(z.string())])),
});

/** A question with the gold query of one engine. */
export interface Case {
  readonly id: string;
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
export function readQuestions(file: string, engine: Engine): Question[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => caseSchema.parse(JSON.parse(line)))
    .map(({ gold, ...rest }) => ({ ...rest, golds: [gold[engine] ?? []].flat() }));
}

/** As `readQuestions`, without those that have no gold query for the engine. */
export function readCases(file: string, engine: Engine): Case[] {
  return readQuestions(file, engine)
    .filter(({ golds }) => golds.length > 0)
    .map(({ kind: _kind, held: _held, ...entry }) => entry);
}
