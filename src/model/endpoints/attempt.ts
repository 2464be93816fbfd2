import { SqlqError } from '../../errors.ts';
import type { ModelReply, ModelRequest, Usage } from '../model.ts';
import { OutageError } from '../outage.ts';
import { estimateTokens } from '../tokens.ts';
import type { Purse } from './budget.ts';
import { dayOf } from './clock.ts';
import type { Endpoint } from './endpoint.ts';
import { type Health, silence } from './health.ts';
import { dollarsOf } from './price.ts';
import type { ModelState } from './state.ts';

/** What the attempts of a profile share. */
export interface Shared {
  readonly profile: string;
  readonly state: ModelState;
  readonly health: Health;
  readonly purse: Purse;
  readonly now: () => Date;
  /** A server that has been silent for so many milliseconds is asked whether it is still there; null: never. */
  readonly probeAfter: number | null;
}

/** A question on its way to one endpoint. */
export interface Attempt {
  readonly id: string;
  readonly endpoint: Endpoint;
  readonly request: ModelRequest;
  /** The question that it is a part of. */
  readonly part: object;
  /** Milliseconds that the question has left. */
  readonly left: number;
}

/**
 * Asks one endpoint, and writes down what came of it: what it says of the endpoint, and what it used. Rejects with an
 * OutageError where another endpoint might answer, with a SqlqError `limit` where a budget is used up.
 */
export async function tryEndpoint(
  shared: Shared,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<ModelReply> {
  const { health, purse } = shared;
  const { id, endpoint, request, part, left } = attempt;
  const { model, price } = endpoint;
  const prompt = estimateTokens(request.messages);
  const count = createCount(prompt);
  const start = performance.now();
  const dead = new AbortController();
  const watch = watchSilence(shared, endpoint, (error) => dead.abort(error));
  const planned = { id, part, promptTokens: prompt, model: model.name, price, left };
  const used = () => ({ id, tokens: count.tokens() });
  try {
    const mostTokens = await purse.setAside({ ...planned, mostTokens: endpoint.maxTokens }, signal);
    watch.touch();
    const reply = await model.answer(
      {
        ...request,
        mostTokens,
        onProgress: (tokens) => {
          watch.touch();
          count.progress(tokens);
          request.onProgress(tokens);
        },
        onSent: (sent) => {
          watch.touch();
          count.sent();
          request.onSent?.(sent);
        },
        onUsage: (usage) => {
          count.usage(usage);
          request.onUsage?.(usage);
        },
      },
      AbortSignal.any([signal, dead.signal]),
    );
    count.whole(reply.usage);
    await health.good(endpoint, { ...used(), milliseconds: performance.now() - start });
    return reply;
  } catch (error) {
    if (signal.aborted) {
      health.neutral(endpoint, used());
    } else if (error instanceof OutageError) {
      // What did not get through, or was turned away, costs nothing.
      if (error.kind !== 'server' && error.kind !== 'dropped' && error.kind !== 'silent') {
        count.turnedAway();
      }
      await health.bad(endpoint, used(), error);
    } else if (error instanceof SqlqError && error.code !== 'limit') {
      await health.good(endpoint, { ...used(), milliseconds: null });
    } else {
      health.neutral(endpoint, used());
    }
    throw error;
  } finally {
    watch.end();
    settle(shared, attempt, count.total());
  }
}

/** Writes down what an attempt used. */
function settle({ state, purse, profile, now }: Shared, { id, endpoint, part }: Attempt, total: Total): void {
  const { host, model, price } = endpoint;
  const { requests, ...usage } = total;
  const dollars = price === null ? null : dollarsOf(price, usage);
  const entry = { day: dayOf(now()), profile, host, model: model.name, ...total, dollars };
  state.settle(id, requests === 0 ? null : entry);
  purse.use(part, { tokens: usage.promptTokens + usage.completionTokens, dollars: dollars ?? 0 });
}

interface Total {
  readonly requests: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens: number;
}

/** Counts what the requests of an attempt use: as the server says, and by estimate where it does not. */
function createCount(promptTokens: number) {
  let requests = 0;
  let told = 0;
  let progress = 0;
  const sum = { promptTokens: 0, completionTokens: 0, cachedTokens: 0 };
  const total = (): Total => {
    const untold = Math.max(0, requests - told);
    return {
      requests,
      promptTokens: sum.promptTokens + untold * promptTokens,
      completionTokens: sum.completionTokens + (untold > 0 ? progress : 0),
      cachedTokens: sum.cachedTokens,
    };
  };
  return {
    sent: (): void => {
      requests += 1;
      progress = 0;
    },
    progress: (tokens: number): void => {
      progress = tokens;
    },
    usage: (usage: Usage): void => {
      told += 1;
      sum.promptTokens += usage.promptTokens;
      sum.completionTokens += usage.completionTokens;
      sum.cachedTokens += usage.cachedTokens ?? 0;
    },
    /** What a whole answer used, where its replies were not told of one by one. */
    whole: (usage: Usage | null): void => {
      if (told === 0 && usage !== null) {
        told = requests;
        Object.assign(sum, { ...usage, cachedTokens: usage.cachedTokens ?? 0 });
      }
    },
    /** The last request was not worked on. */
    turnedAway: (): void => {
      requests = Math.max(told, requests - 1);
    },
    total,
    tokens: (): number => total().promptTokens + total().completionTokens,
  };
}

/** Asks a server that is silent whether it is still there, twice; a server that answers may think as long as it likes. */
function watchSilence({ health, probeAfter }: Shared, endpoint: Endpoint, die: (error: OutageError) => void) {
  let heard = performance.now();
  let hasEnded = false;
  let timer: NodeJS.Timeout | null = null;
  const look = async (after: number): Promise<void> => {
    const silent = performance.now() - heard;
    if (silent < after) {
      timer = setTimeout(() => void look(after), after - silent);
      return;
    }
    const patience = Math.min(after, 3_000);
    const isThere = (await health.isAlive(endpoint, patience)) || (await health.isAlive(endpoint, patience));
    if (hasEnded) {
      return;
    }
    if (isThere) {
      timer = setTimeout(() => void look(after), after);
    } else {
      die(new OutageError('silent', silence(endpoint), "Ask again; the server's own log says why."));
    }
  };
  if (probeAfter !== null) {
    timer = setTimeout(() => void look(probeAfter), probeAfter);
  }
  return {
    touch: (): void => {
      heard = performance.now();
    },
    end: (): void => {
      hasEnded = true;
      if (timer !== null) {
        clearTimeout(timer);
      }
    },
  };
}
