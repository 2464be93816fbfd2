import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Engine } from '../../src/database/engines.ts';

const caseSchema = z.object({
  id: z.string(),
  database: z.string(),
  question: z.string(),
  gold: z.partialRecord(z.enum(['sqlite', 'postgres', 'mysql']), z.string()),
});

/** A question with the gold query of one engine. */
export interface Case {
  readonly id: string;
  readonly database: string;
  readonly question: string;
  /** Any of these is right. */
  readonly golds: readonly string[];
}

/** Reads a case file, a JSON object a line; cases without a gold query for the engine are left out. */
export function readCases(file: string, engine: Engine): Case[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => caseSchema.parse(JSON.parse(line)))
    .flatMap(({ gold, ...rest }) => {
      const sql = gold[engine];
      return sql === undefined ? [] : [{ ...rest, golds: [sql] }];
    });
}
