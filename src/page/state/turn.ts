import { type ReadonlySignal, signal } from '@preact/signals';
import type { ApiAnswer, ApiAnswered, ApiClarification } from '../../serve/api/answer.ts';
import type { FeedbackReply, Step } from '../../serve/api/ask.ts';
import { fetchAnswered } from '../api/answered.ts';
import { type Client, type Failure, failureOf } from '../api/client.ts';
import { type Run, startRun } from './run.ts';

/** A request that is answered with an answer or a clarification. */
export interface Asked {
  readonly path: string;
  readonly body: object;
}

/** What is being worked on, since when. */
export interface Work {
  readonly steps: readonly Step[];
  readonly since: number;
}

/** A question with all that has come of it. */
export interface Turn {
  readonly key: string;
  readonly question: string;
  /** Whether it is SQL that the user wrote. */
  readonly isSql: boolean;
  readonly work: ReadonlySignal<Work | null>;
  readonly answer: ReadonlySignal<ApiAnswer | null>;
  readonly clarification: ReadonlySignal<ApiClarification | null>;
  readonly failure: ReadonlySignal<Failure | null>;
  readonly run: ReadonlySignal<Run | null>;
  /** The conversation that it belongs to; null before anything has come of it. */
  readonly conversation: ReadonlySignal<string | null>;
  /** Asks the server for another answer, in place of the one that is there. */
  ask(asked: Asked): Promise<void>;
  /** Asks the same once more. */
  retry(): Promise<void>;
  cancel(): void;
  runSql(): Promise<void>;
  /** Says whether the answer was right. Throws `Failure`. */
  judge(verdict: 'good' | 'bad', sql: string | null): Promise<void>;
}

/** What others hear of a turn. */
export interface TurnEvents {
  answered(turn: Turn): void;
  ran(turn: Turn): void;
  failed(failure: Failure): void;
}

export interface TurnStart {
  readonly key: string;
  readonly question: string;
  readonly isSql: boolean;
  /** What it begins with, where it was answered before. */
  readonly answered: ApiAnswered | null;
}

export function createTurn(client: Client, start: TurnStart, events: TurnEvents): Turn {
  const { key, question, isSql, answered } = start;
  const work = signal<Work | null>(null);
  const answer = signal<ApiAnswer | null>(answered?.kind === 'answer' ? answered : null);
  const clarification = signal<ApiClarification | null>(answered?.kind === 'clarification' ? answered : null);
  const failure = signal<Failure | null>(null);
  const run = signal<Run | null>(null);
  const conversation = signal<string | null>(answered?.conversation ?? null);
  let last: Asked | null = null;
  let controller: AbortController | null = null;

  const fail = (error: unknown): void => {
    failure.value = failureOf(error);
    events.failed(failure.value);
  };
  const take = (reply: ApiAnswered): void => {
    conversation.value = reply.conversation;
    run.value?.cancel();
    run.value = null;
    answer.value = reply.kind === 'answer' ? reply : null;
    clarification.value = reply.kind === 'clarification' ? reply : null;
  };
  const turn: Turn = {
    key,
    question,
    isSql,
    work,
    answer,
    clarification,
    failure,
    run,
    conversation,
    async ask(asked) {
      controller?.abort();
      const mine = new AbortController();
      controller = mine;
      last = asked;
      failure.value = null;
      work.value = { steps: [], since: Date.now() };
      const onStep = (step: Step): void => {
        if (work.value !== null && controller === mine) {
          work.value = { ...work.value, steps: [...work.value.steps, step] };
        }
      };
      try {
        const reply = await fetchAnswered(client, asked.path, asked.body, { onStep, signal: mine.signal });
        if (controller === mine) {
          take(reply);
          events.answered(turn);
        }
      } catch (error) {
        if (controller === mine) {
          fail(error);
        }
      } finally {
        if (controller === mine) {
          work.value = null;
        }
      }
    },
    async retry() {
      if (last !== null) {
        await turn.ask(last);
      }
    },
    cancel() {
      controller?.abort();
      run.value?.cancel();
    },
    async runSql() {
      if (answer.value !== null) {
        run.value?.cancel();
        failure.value = null;
        const mine = startRun(client, answer.value);
        run.value = mine;
        await mine.isOver;
        if (run.value === mine) {
          events.ran(turn);
        }
      }
    },
    async judge(verdict, sql) {
      const current = answer.value;
      if (current !== null) {
        const path = `/v1/answers/${encodeURIComponent(current.id)}/feedback`;
        const body = sql === null ? { verdict } : { verdict, sql };
        await client.json<FeedbackReply>(path, { method: 'POST', body });
        answer.value = { ...current, verdict };
      }
    },
  };
  return turn;
}
