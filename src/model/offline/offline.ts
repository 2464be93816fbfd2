import { SqlqError } from '../../errors.ts';
import type { Answer } from '../answer.ts';
import type { Model, ModelReply, ModelRequest } from '../model.ts';
import { type Engine, loadEngine } from './engine.ts';
import { parse } from './parse.ts';
import { writeSql } from './query/sql.ts';
import { probability } from './rank/forest.ts';
import { readingOf, shortReading } from './reading.ts';

/**
 * The engine that needs no key, no server and no network: it parses the question against the schema and the stored
 * values, and answers only where its calibrated probability to be right is high enough.
 */
export function createOfflineModel(): Model {
  let engine: Promise<Engine> | null = null;
  return {
    provider: 'offline',
    name: 'offline',
    async answer(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
      engine ??= loadEngine();
      const loaded = await engine;
      const values = await request.values();
      signal.throwIfAborted();
      return { answer: answerFrom(loaded, request, values), rung: null, usage: null, sent: [], warnings: [] };
    },
  };
}

const wayOn = 'For a model that reads freer questions, run: sqlq config init';

function answerFrom(engine: Engine, request: ModelRequest, values: Parameters<Engine['prepare']>[1]): Answer {
  if (request.schema.tables.length === 0)
    throw new SqlqError('unanswerable', 'The database has no tables to ask about.');
  const prepared = engine.prepare(request.schema, values);
  const { analysis, ranked } = parse(request.question, prepared, engine.weights);
  const tried = new Set(request.attempts.map((attempt) => attempt.sql));
  const written = new Map<string, (typeof ranked)[number]>();
  for (const entry of ranked) {
    const sql = writeSql(prepared.catalog, entry.candidate.query);
    if (!written.has(sql) && !tried.has(sql)) written.set(sql, entry);
    if (written.size >= 12) break;
  }
  const [first] = written;
  const certainty = first === undefined ? 0 : probability(first[1].logOdds);
  if (first !== undefined && certainty >= engine.thresholds.answer) {
    const [sql, { candidate }] = first;
    return {
      kind: 'sql',
      sql,
      reasoning: `Read without a model; ${Math.round(certainty * 100)} % sure.`,
      assumptions: readingOf(analysis, candidate),
    };
  }
  const near = [...written].filter(([, entry]) => probability(entry.logOdds) >= engine.thresholds.offer);
  if (near.length === 0)
    return {
      kind: 'unanswerable',
      reason: `The offline engine finds no reading of the question in this schema that it would trust. ${wayOn}`,
    };
  return {
    kind: 'clarification',
    question: `The offline engine is not sure enough how to read this. ${wayOn}\nIts nearest readings:`,
    choices: near
      .slice(0, 3)
      .map(([sql, { candidate }]) => ({ reading: shortReading(analysis, candidate), sql })),
  };
}
