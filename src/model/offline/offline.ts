import { SqlqError } from '../../errors.ts';
import type { Answer } from '../answer.ts';
import type { Model, ModelReply, ModelRequest } from '../model.ts';
import { type Engine, loadEngine } from './engine.ts';
import { exampleAnswer } from './examples/example-answer.ts';
import { buildsOn, followUp, standsAlone } from './follow-up/follow-up.ts';
import { type Prepared, parse } from './parse.ts';
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

/** The answer to a question that builds on the one before; one that stands for itself just as well does not. */
function followUpOf(request: ModelRequest, prepared: Prepared, stands: boolean): Answer | null {
  const { question, previous = null, rejected = [] } = request;
  if (previous === null || (stands && !buildsOn(question))) return null;
  return followUp(question, previous, rejected, prepared, request.now ?? new Date());
}

const wayOn = 'For a model that reads freer questions, run: sqlq config init';

function answerFrom(engine: Engine, request: ModelRequest, values: Parameters<Engine['prepare']>[1]): Answer {
  if (request.schema.tables.length === 0)
    throw new SqlqError('unanswerable', 'The database has no tables to ask about.');
  const prepared = engine.prepare(request.schema, values);
  const isContinued = (request.previous ?? null) !== null && buildsOn(request.question);
  const known = isContinued ? null : exampleAnswer(request, prepared);
  if (known !== null) return known;
  const { analysis, ranked, probability } = parse(request.question, prepared, engine.weights, request.now);
  const followed = followUpOf(request, prepared, probability >= engine.thresholds.answer);
  if (followed !== null) return followed;
  // `and their emails?` has no meaning without the answer before; `and how many customers?` names what it is about.
  if (isContinued && !standsAlone(analysis))
    return {
      kind: 'unanswerable',
      reason: `The question seems to build on the answer before, in a way that the offline engine does not know. Ask it as a whole question, or forget what was before with .new. ${wayOn}`,
    };
  const tried = new Set(request.attempts.map((attempt) => attempt.sql));
  const untried = ranked.filter((entry) => !tried.has(entry.sql));
  const rejected = request.rejected ?? [];
  const meant = untried.find(
    ({ candidate }) => !readingOf(analysis, candidate).some((line) => rejected.includes(line)),
  );
  // The user has said which part of the reading is wrong: the likeliest without that part is what they ask for.
  if (rejected.length > 0 && meant !== undefined)
    return {
      kind: 'sql',
      sql: meant.sql,
      reasoning: 'Read without a model, with what you turned round.',
      assumptions: readingOf(analysis, meant.candidate),
    };
  const [first] = untried;
  if (first !== undefined && first === ranked[0] && probability >= engine.thresholds.answer)
    return {
      kind: 'sql',
      sql: first.sql,
      reasoning: `Read without a model; ${Math.round(probability * 100)} % sure.`,
      assumptions: readingOf(analysis, first.candidate),
    };
  const near = probability < engine.thresholds.offer ? [] : untried.filter((entry) => entry.share >= 0.03);
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
      .map(({ candidate, sql }) => ({ reading: shortReading(analysis, candidate), sql })),
  };
}
