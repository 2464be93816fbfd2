import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadWords } from '../../src/offline/language/related.ts';
import type { Prepared } from '../../src/offline/parse.ts';
import { prepareSchema } from '../../src/offline/prepare.ts';
import { openTrainingDatabase, type TrainingDatabase } from './database.ts';

export interface TrainingCase {
  readonly id: string;
  readonly database: string;
  readonly question: string;
  readonly gold: string;
}

/** Where `fetch.ts` puts the training questions and databases. */
const corpusOf = (folder: string): string => join(folder, 'corpus');

export function readCases(folder: string): TrainingCase[] {
  return readFileSync(join(corpusOf(folder), 'cases.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const { id, database, question, gold } = JSON.parse(line) as {
        id: string;
        database: string;
        question: string;
        gold: { sqlite: string };
      };
      return { id, database, question, gold: gold.sqlite };
    });
}

/**
 * The same questions as people type them: without `What are the`, `Show me`, every other one without capitals. One in
 * four, chosen by its number, so that the choice is the same on every run.
 */
export function shortened(cases: readonly TrainingCase[]): TrainingCase[] {
  return cases.flatMap((entry, index) => {
    if (index % 4 !== 1) {
      return [];
    }
    const question = entry.question.replace(
      /^(what (is|are|was|were)|find( out)?|list|show|give|return|tell|report|display)( me| us)?( all)?( of)?( the)? /i,
      '',
    );
    if (question === entry.question) {
      return [];
    }
    const bare = question.replace(/[?.]\s*$/, '');
    return [{ ...entry, id: `${entry.id} short`, question: index % 8 === 1 ? bare.toLowerCase() : bare }];
  });
}

export const folds = 5;

/** The fold of a database, by the order of first appearance: databases never straddle folds. */
export function foldsOf(cases: readonly TrainingCase[]): ReadonlyMap<string, number> {
  const names = [...new Set(cases.map((entry) => entry.database))];
  return new Map(names.map((name, index) => [name, index % folds]));
}

/** Opens and prepares databases on demand. */
export async function databases(
  folder: string,
): Promise<(name: string) => { database: TrainingDatabase; prepared: Prepared }> {
  const words = await loadWords();
  const open = new Map<string, { database: TrainingDatabase; prepared: Prepared }>();
  return (name) => {
    const known = open.get(name);
    if (known !== undefined) {
      return known;
    }
    const database = openTrainingDatabase(name, join(corpusOf(folder), 'sqlite', `${name}.sqlite`));
    const made = { database, prepared: prepareSchema(database.schema, database.values, words) };
    open.set(name, made);
    return made;
  };
}
