import { dialectOf } from '../database/engines.ts';
import { SqlqError } from '../errors.ts';
import type { Answer, Choice } from '../model/answer.ts';
import type { Model, ModelReply, ModelRequest, ValueIndex } from '../model/model.ts';
import { answerByPeriod, askedByPeriod } from './adjust/group-by-period.ts';
import { type Analysis, analyse } from './analysis/analysis.ts';
import { type Engine, loadEngine } from './engine.ts';
import { exampleAnswer } from './examples/example-answer.ts';
import { buildsOn, followUp, isContinued, standsAlone } from './follow-up/follow-up.ts';
import { interpretationOf, shortInterpretation } from './interpretation.ts';
import { askMeasure } from './notes/ask-measure.ts';
import { measuredSchemas } from './notes/measured-schemas.ts';
import { expandMeasures, type Measure, measuresOf, withoutMeasures } from './notes/measures.ts';
import { asksBack, ownWords } from './own-words.ts';
import { type Prepared, parseAnalysed } from './parse.ts';
import { answerPlain, isDecided, plainAgain, plainChoices, plainReading } from './plain/answer.ts';
import { withApostrophes } from './plain/apostrophes.ts';
import { plainMisreading } from './plain/plain.ts';
import { notUnderstood, refuseWords } from './refusals/not-understood.ts';
import { textAmountOf, textAmountReason } from './refusals/text-amount.ts';
import { otherTongue } from './refusals/tongue.ts';
import { unsupportedIntent } from './refusals/unsupported-intent.ts';
import { wayOn } from './refusals/way-on.ts';
import { withoutRejectedAssumptions } from './rejected-assumption.ts';
import { withToldPath } from './told-path.ts';
import { answerInTongue, answerMixed, refusedInTongue } from './tongue/answer.ts';
import type { Reader } from './tongue/reader.ts';

/** How much the engine takes on. */
export interface OfflineOptions {
  /** Questions in other languages than English too. */
  readonly tongues?: boolean;
  /** Nothing but what it is surest of, and no advice on the rest. */
  readonly surest?: boolean;
}

/** The least probability of what it is surest of. */
const surestThreshold = 0.75;

/**
 * The engine that needs no key, no server and no network: it parses the question against the schema and the stored
 * values, and answers only where its calibrated probability to be right is high enough.
 */
export function createOfflineModel(options: OfflineOptions = {}): Model {
  let engine: Promise<Engine> | null = null;
  return offlineModel(options, () => {
    engine ??= loadEngine();
    return engine;
  });
}

/** The engine as a model that has read its data already. */
export async function loadOfflineModel(options: OfflineOptions): Promise<Model> {
  const engine = await loadEngine();
  return offlineModel(options, async () => engine);
}

function offlineModel(
  { tongues = true, surest = false }: OfflineOptions,
  engine: () => Promise<Engine>,
): Model {
  const measured = measuredSchemas();
  return {
    provider: 'offline',
    name: 'offline',
    async answer(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
      const whole = await engine();
      const thresholds = surest ? { ...whole.thresholds, answer: surestThreshold } : whole.thresholds;
      const loaded = { ...whole, tongues: tongues ? whole.tongues : [], explains: !surest, thresholds };
      const values = await request.values();
      signal.throwIfAborted();
      if (request.schema.tables.length === 0) {
        throw new SqlqError('unanswerable', 'The database has no tables to ask about.');
      }
      const measures = measuresOf(request.notes ?? [], request.schema);
      const read = {
        ...request,
        question: ownWords(request.question),
        schema: measured(request.schema, measures),
      };
      const prepared = loaded.prepare(read.schema, values);
      const known = isContinued(read) ? null : exampleAnswer(read, prepared);
      const noted = isContinued(read) ? null : askMeasure(read, measures, prepared);
      const answer =
        known ??
        withoutMeasures(noted ?? answerFrom(loaded, read, prepared, measures, values), measures, read);
      const said: Answer = answer.kind === 'unanswerable' ? { ...answer, ofReader: true } : answer;
      return { answer: said, structuredOutput: null, usage: null, sent: [], warnings: [] };
    },
  };
}

/** The answer to a question that builds on the one before; one that stands for itself just as well does not. */
function followUpOf(request: ModelRequest, prepared: Prepared, stands: boolean): Answer | null {
  const { question, previous = null, rejected = [] } = request;
  if (previous === null || (stands && !buildsOn(question))) {
    return null;
  }
  return followUp(question, previous, rejected, prepared, request.now ?? new Date());
}

/** What asks for more than the engine can say is refused; what asks for time is read without it, and grouped by it. */
function beforeParsing(
  engine: Engine,
  request: ModelRequest,
  prepared: Prepared,
  analysis: Analysis,
): Answer | null {
  const wish = unsupportedIntent(analysis);
  if (wish !== null) {
    return {
      kind: 'unanswerable',
      reason: `The question asks for ${wish}, which is more than the offline engine can say. ${wayOn}`,
    };
  }
  const time = askedByPeriod(analysis);
  if (time === null || (request.rejected ?? []).length > 0) {
    return null;
  }
  const {
    probability = 0,
    interpretations = [],
    rest = null,
  } = answerByPeriod(time, prepared, engine.weights, analysis.now) ?? {};
  const unread = rest === null ? [] : notUnderstood(rest.analysis, rest.ranked);
  if (rest !== null && unread.length > 0) {
    return refuseWords(engine, prepared, rest.analysis, unread);
  }
  const tried = new Set(request.attempts.map(({ sql }) => sql));
  const [only, ...others] = interpretations.filter(({ sql }) => !tried.has(sql));
  if (only !== undefined && others.length === 0 && probability >= engine.thresholds.answer) {
    return only;
  }
  if (only === undefined || probability < engine.thresholds.offer) {
    return {
      kind: 'unanswerable',
      reason: `The offline engine finds no date by which it could tell the ${time.part}s of what is asked. ${wayOn}`,
    };
  }
  return unsure(
    [only, ...others].map(({ sql, assumptions }) => ({ interpretation: assumptions.join('; '), sql })),
  );
}

/** The nearest interpretations, to choose from. */
function unsure(choices: readonly Choice[]): Answer {
  return {
    kind: 'clarification',
    question: `The offline engine is not sure enough how to read this. ${wayOn}\n${asksBack.unsure}`,
    choices: choices.slice(0, 3),
  };
}

/** The answer; a question in another language that gets none is told so in its own. */
function answerFrom(
  engine: Engine,
  asked: ModelRequest,
  prepared: Prepared,
  measures: readonly Measure[],
  values: ValueIndex,
): Answer {
  const { schemaIndex, linker, lookup } = prepared;
  const request = { ...asked, question: withApostrophes(asked.question, schemaIndex, lookup) };
  const analysis = analyse(request.question, schemaIndex, linker, lookup, request.now);
  const reader: Reader = {
    tongues: engine.tongues,
    prepare: (tongue) => engine.prepare(request.schema, values, tongue),
    answer: (read, made, said) =>
      withToldPath(read, said, answerAnalysed(engine, said, made, measures, read)),
    unread: (read, made) => notUnderstood(read, parseAnalysed(read, made, engine.weights).ranked),
  };
  const foreign = answerInTongue(reader, request, analysis);
  if (foreign !== null) {
    return foreign;
  }
  const found = answerAnalysed(engine, request, prepared, measures, analysis);
  const answer = withToldPath(analysis, request, found);
  if (answer.kind === 'sql') {
    return answer;
  }
  const mixed = isContinued(request) ? null : answerMixed(reader, request, analysis);
  if (mixed !== null) {
    return mixed;
  }
  const refused = otherTongue(analysis) === null ? refusedInTongue(reader, request, analysis) : null;
  if (refused !== null) {
    return refused;
  }
  const misread = answer.kind === 'unanswerable' ? plainMisreading(analysis) : null;
  const reason = otherTongue(analysis)?.message ?? (misread === null ? null : `${misread} ${wayOn}`);
  return reason === null ? answer : { kind: 'unanswerable', reason };
}

function answerAnalysed(
  engine: Engine,
  request: ModelRequest,
  prepared: Prepared,
  measures: readonly Measure[],
  analysis: Analysis,
): Answer {
  const texts = textAmountOf(analysis);
  if (texts !== null) {
    return { kind: 'unanswerable', reason: `${textAmountReason(texts)} ${wayOn}` };
  }
  const expand = (sql: string): string =>
    expandMeasures(sql, measures, dialectOf(request.schema.dialect.engine));
  const plain = isContinued(request) ? null : plainReading(analysis, request);
  const choices = isContinued(request) || (request.rejected ?? []).length > 0 ? [] : plainChoices(analysis);
  const stopped =
    plain !== null || isContinued(request) || choices.length > 0
      ? null
      : beforeParsing(engine, request, prepared, analysis);
  if (stopped !== null) {
    return stopped;
  }
  const { ranked, probability } = parseAnalysed(analysis, prepared, engine.weights);
  if (plain !== null) {
    return answerPlain(analysis, plain, ranked);
  }
  const stands = probability >= engine.thresholds.answer && standsAlone(analysis);
  const followed = followUpOf(request, prepared, stands);
  if (followed !== null) {
    return followed;
  }
  // `and their emails?` has no meaning without the answer before; `and how many customers?` names what it is about.
  if (isContinued(request) && !standsAlone(analysis)) {
    return {
      kind: 'unanswerable',
      reason: `The question seems to build on the answer before, in a way that the offline engine does not know. Ask it as a whole question, or forget what was before with .new. ${wayOn}`,
    };
  }
  if (choices.length > 0 && !isDecided(analysis, { ranked, probability })) {
    return unsure(choices);
  }
  const rejected = request.rejected ?? [];
  const unread = notUnderstood(analysis, ranked);
  if (unread.length > 0 && rejected.length === 0) {
    return refuseWords(engine, prepared, analysis, unread);
  }
  const before = request.attempts.findLast(({ source }) => source === 'user')?.sql ?? '';
  const again = ranked.some(({ sql }) => expand(sql) === before)
    ? null
    : plainAgain(analysis, before, rejected);
  if (again === 'no other') {
    const reason = `The offline engine knows no other meaning of those words here. ${wayOn}`;
    return { kind: 'unanswerable', reason };
  }
  if (again !== null) {
    return readAgain(again.sql, again.lines);
  }
  const meant =
    rejected.length === 0
      ? null
      : withoutRejectedAssumptions(analysis, ranked, (sql) => expand(sql) === before, rejected);
  if (meant !== null) {
    return readAgain(meant.sql, interpretationOf(analysis, meant.candidate));
  }
  const tried = new Set(request.attempts.map((attempt) => attempt.sql));
  const untried = ranked.filter(
    ({ sql, candidate }) =>
      !tried.has(expand(sql)) &&
      (rejected.length === 0 ||
        !interpretationOf(analysis, candidate).some((line) => rejected.includes(line))),
  );
  const [first] = untried;
  if (
    rejected.length === 0 &&
    first !== undefined &&
    first === ranked[0] &&
    probability >= engine.thresholds.answer
  ) {
    return {
      kind: 'sql',
      sql: first.sql,
      reasoning: `Read without a model; ${Math.round(probability * 100)} % sure.`,
      assumptions: interpretationOf(analysis, first.candidate),
    };
  }
  const near =
    probability < engine.thresholds.offer
      ? []
      : untried.filter(({ share, unread: left }) => share >= 0.03 && left.length === 0);
  if (near.length === 0) {
    return {
      kind: 'unanswerable',
      reason: `The offline engine finds no interpretation of the question in this schema that it would trust. ${wayOn}`,
    };
  }
  return unsure(
    near.map(({ candidate, sql }) => ({ interpretation: shortInterpretation(analysis, candidate), sql })),
  );
}

const readAgain = (sql: string, assumptions: readonly string[]): Answer => ({
  kind: 'sql',
  sql,
  reasoning: 'Read without a model, with what you rejected.',
  assumptions,
});
