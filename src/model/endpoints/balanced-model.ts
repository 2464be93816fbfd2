import { randomUUID } from 'node:crypto';
import { SqlqError } from '../../errors.ts';
import type { AnsweredBy, Model, ModelReply, ModelRequest } from '../model.ts';
import { OutageError } from '../outage.ts';
import { estimateTokens } from '../tokens.ts';
import { createAdmission } from './admission.ts';
import { type Shared, tryEndpoint } from './attempt.ts';
import type { Purse } from './budget.ts';
import { percentile } from './choose.ts';
import type { Endpoint } from './endpoint.ts';
import { createHealth } from './health.ts';
import type { ModelState } from './state.ts';
import type { Strategy } from './strategies.ts';
import { whyNone } from './why-none.ts';

/** What is asked when no endpoint answers. */
export interface Fallback {
  /** The profile's name. */
  readonly name: string;
  load(signal: AbortSignal): Promise<FallbackModel>;
}

export interface FallbackModel {
  readonly model: Model;
  /** The server's host; null for an engine on this machine. */
  readonly host: string | null;
}

/** How the endpoints of a profile share its questions. */
export interface Balancing {
  readonly profile: string;
  /** At least one. */
  readonly endpoints: readonly Endpoint[];
  readonly strategy: Strategy;
  /** Ask a second endpoint where the first takes longer than 95 in 100 answers did. */
  readonly hedge: boolean;
  readonly fallbacks: readonly Fallback[];
  /** How often an endpoint that was busy is asked the same again. */
  readonly retries: number;
  readonly timeoutMilliseconds: number;
  /** A server that has been silent for so many milliseconds is asked whether it is still there. */
  readonly probeAfter: number;
  readonly state: ModelState;
  readonly purse: Purse;
  readonly now: () => Date;
  /** Tells the user something that they have to know. */
  readonly warn: (text: string) => void;
}

/** All being down, it is worth so many milliseconds to wait for one that is due to be tried, unless there is a fallback. */
const longestWaitMilliseconds = 5_000;

/** Shares of a budget that are worth a word when they are passed. */
const marks = [0.5, 0.8, 0.95];

/** So many answers have to be known before a percentile of them says anything. */
const fewestLatencies = 20;

/**
 * One model made of several servers. A question goes to one of them; where that one fails in a way that another might
 * not, to the next, and where none answers, to the fallbacks. No server is asked again that has answered.
 */
export function createBalancedModel(balancing: Balancing): Model {
  const { profile, endpoints, strategy, state, purse, now } = balancing;
  const health = createHealth(endpoints, state, () => admission.wake());
  const admission = createAdmission(
    endpoints,
    strategy,
    state,
    health,
    balancing.fallbacks.length > 0 ? 0 : longestWaitMilliseconds,
  );
  const isOnlyOne = endpoints.length === 1;
  const shared: Shared = {
    profile,
    state,
    health,
    purse,
    now,
    probeAfter: isOnlyOne ? null : balancing.probeAfter,
  };
  let active = 0;
  let marksPassed = marks.filter((mark) => purse.share() >= mark).length;
  return {
    provider: profile,
    name: endpoints[0]?.model.name ?? '',
    async answer(request, signal) {
      active += 1;
      const asked = { ...request, part: request.part ?? {} };
      const before = purse.usedFor(asked.part).dollars;
      try {
        const reply = await answer(asked, signal);
        warnOfBudget();
        return { dollars: dollarsFor(asked.part, before), ...reply, budgets: purse.describe() };
      } finally {
        active -= 1;
        if (active === 0) {
          health.rest();
        }
      }
    },
  };

  /** Null where the price of one that may have answered is not known. */
  function dollarsFor(part: object, before: number): number | null {
    const isKnown = endpoints.every(({ price }) => price !== null);
    return isKnown ? purse.usedFor(part).dollars - before : null;
  }

  /** Says it when much of a budget is used, once for each mark that is passed. */
  function warnOfBudget(): void {
    const share = purse.share();
    const passed = marks.filter((mark) => share >= mark).length;
    if (passed > marksPassed) {
      balancing.warn(`Budget: ${purse.describe().join('; ')}.`);
    }
    marksPassed = Math.max(marksPassed, passed);
  }

  async function answer(
    request: ModelRequest & { readonly part: object },
    signal: AbortSignal,
  ): Promise<ModelReply> {
    const question = askedOf(request);
    for (;;) {
      const admitted = await admission.admit(applicantOf(question), signal);
      if (admitted.kind !== 'admitted') {
        return fallBack(question, whyNone(balancing, question, admitted), signal);
      }
      const reply = await race(question, admitted.endpoint, signal);
      if (reply !== null) {
        return reply;
      }
    }
  }

  function askedOf(request: ModelRequest & { readonly part: object }): Question {
    const { schema, askedAt = performance.now(), part } = request;
    return {
      request,
      part,
      end: askedAt + balancing.timeoutMilliseconds,
      tokens: estimateTokens(request.messages),
      stickTo: `${schema.dialect.engine} ${schema.database}`,
      excluded: new Set(),
      tries: new Map(),
      problems: new Map(),
      id: randomUUID(),
    };
  }

  function applicantOf(question: Question) {
    question.id = randomUUID();
    return question;
  }

  /** Asks one endpoint, and a second one where the first takes long; null where no answer came, and another may be asked. */
  async function race(question: Question, first: Endpoint, signal: AbortSignal): Promise<ModelReply | null> {
    const outpaced = new AbortController();
    const until = AbortSignal.any([signal, outpaced.signal]);
    const running = new Set<Promise<Run>>();
    const start = (endpoint: Endpoint): void => {
      const attempt = { ...question, endpoint, left: Math.max(0, question.end - performance.now()) };
      const run: Promise<Run> = tryEndpoint(shared, attempt, until)
        .then((reply): Run => ({ run, endpoint, reply }))
        .catch((error: unknown): Run => ({ run, endpoint, error }))
        .finally(admission.wake);
      running.add(run);
    };
    start(first);
    // A race that has begun takes nobody else in: it begins anew when a second one joins.
    let joined = Promise.withResolvers<null>();
    const after = balancing.hedge && !isOnlyOne ? usualTime() : null;
    const timer =
      after === null
        ? null
        : setTimeout(() => {
            const excluded = new Set([...question.excluded, first]);
            const second = admission.admitNow({ ...applicantOf(question), excluded });
            if (second !== null) {
              start(second);
              joined.resolve(null);
            }
          }, after);
    try {
      while (running.size > 0) {
        const ended = await Promise.race([...running, joined.promise]);
        if (ended === null) {
          joined = Promise.withResolvers();
          continue;
        }
        const { run, endpoint, reply, error } = ended;
        running.delete(run);
        if (reply !== undefined) {
          return { ...reply, answeredBy: byEndpoint(endpoint) };
        }
        signal.throwIfAborted();
        // A second one that the budget has no room for ends nothing.
        const isSpare = endpoint !== first && error instanceof SqlqError && error.code === 'limit';
        if (!(error instanceof OutageError) && !(isSpare && running.size > 0)) {
          throw error;
        }
        if (!(error instanceof OutageError)) {
          continue;
        }
        note(question, endpoint, error);
      }
      return null;
    } finally {
      if (timer !== null) {
        clearTimeout(timer);
      }
      outpaced.abort(new SqlqError('cancelled', 'Another endpoint has answered.'));
    }
  }

  /** Remembers why an endpoint did not answer, and whether it may be asked the same again. */
  function note({ problems, tries, excluded }: Question, endpoint: Endpoint, error: OutageError): void {
    problems.set(endpoint, error);
    const times = (tries.get(endpoint) ?? 0) + 1;
    tries.set(endpoint, times);
    if (isOnlyOne || error.kind === 'server' || error.kind === 'refused' || times > balancing.retries) {
      excluded.add(endpoint);
    }
  }

  /** How long 95 in 100 answers take; null where too few are known. */
  function usualTime(): number | null {
    const keys = endpoints.map(({ key }) => key);
    const latencies = state.update(keys, (records) => ({
      records,
      value: records.flatMap((record) => record.latencies),
    }));
    return percentile(latencies, 95, fewestLatencies);
  }

  function byEndpoint({ host, model }: Endpoint): AnsweredBy {
    return { provider: profile, model: model.name, host, instead: null };
  }

  /** Asks the fallbacks in their order. Rejects with why no endpoint answered where none of them does. */
  async function fallBack(question: Question, why: SqlqError, signal: AbortSignal): Promise<ModelReply> {
    for (const fallback of balancing.fallbacks) {
      const reason = why.message.replace(/\s*\n\s*/gu, ' ');
      try {
        const { model, host } = await fallback.load(signal);
        const name = host === null ? model.name : `${fallback.name}, ${model.name} at ${host}`;
        balancing.warn(`${reason}. Asking ${name} instead.`);
        const standIn = { provider: fallback.name, model: model.name, host, instead: reason };
        question.request.onStandIn?.(standIn);
        const reply = await model.answer(question.request, signal);
        const { answeredBy = standIn } = reply;
        return {
          ...reply,
          answeredBy: { ...standIn, model: answeredBy.model, host: answeredBy.host },
          holdsStoredValues: host === null,
        };
      } catch (error) {
        signal.throwIfAborted();
        const isOut = error instanceof OutageError || (error instanceof SqlqError && error.code === 'failed');
        if (!isOut) {
          throw error;
        }
        balancing.warn(`${fallback.name} does not answer either: ${error.message}`);
      }
    }
    throw why;
  }
}

/** How an attempt ended. */
interface Run {
  readonly run: Promise<Run>;
  readonly endpoint: Endpoint;
  readonly reply?: ModelReply;
  readonly error?: unknown;
}

/** A question on its way. */
interface Question {
  readonly request: ModelRequest;
  readonly part: object;
  /** When it is over, by `performance.now()`. */
  readonly end: number;
  readonly tokens: number;
  readonly stickTo: string;
  readonly excluded: Set<Endpoint>;
  readonly tries: Map<Endpoint, number>;
  readonly problems: Map<Endpoint, OutageError>;
  /** Of its next attempt. */
  id: string;
}
