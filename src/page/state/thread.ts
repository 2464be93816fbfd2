import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { ApiAnswer, ApiAnswered } from '../../serve/api/answer.ts';
import type { Conversation } from '../../serve/api/remembered.ts';
import { type Client, type Failure, failureOf } from '../api/client.ts';
import type { Library, Remembered, SavedQuestion } from './library.ts';
import { createTurn, type Turn, type TurnEvents } from './turn.ts';

/** The questions that are seen, and how more are asked. */
export interface Thread {
  readonly turns: ReadonlySignal<readonly Turn[]>;
  /** The turn that the next question goes on with; null where it begins afresh. */
  readonly follows: ReadonlySignal<Turn | null>;
  /** Why a conversation or an answer of before could not be opened. */
  readonly failure: ReadonlySignal<Failure | null>;
  ask(question: string): void;
  askSql(sql: string): void;
  askSaved(saved: SavedQuestion, parameters: Readonly<Record<string, string | null>>): void;
  /** Shows what was asked before, as it was answered then. */
  openRemembered(entry: Remembered): Promise<void>;
  openConversation(id: string): Promise<void>;
  /** The next question begins afresh; what is seen stays. */
  beginAfresh(): void;
  /** Begins a conversation with nothing to be seen. */
  clear(): void;
}

const isLive = (turn: Turn): boolean => turn.work.value !== null || turn.conversation.value !== null;

export function createThread(client: Client, library: Library, events: TurnEvents): Thread {
  const turns = signal<readonly Turn[]>([]);
  const isFresh = signal(true);
  const failure = signal<Failure | null>(null);
  const follows = computed(() => (isFresh.value ? null : (turns.value.findLast(isLive) ?? null)));
  let count = 0;

  const add = (question: string, isSql: boolean, answered: ApiAnswered | null): Turn => {
    count += 1;
    const turn = createTurn(client, { key: `turn-${count}`, question, isSql, answered }, events);
    turns.value = [...turns.value, turn];
    return turn;
  };
  const going = (): object => {
    const conversation = follows.value?.conversation.value;
    return conversation === undefined || conversation === null ? {} : { conversation };
  };
  const show = (answered: readonly ApiAnswered[]): void => {
    for (const one of answered) {
      add(one.question ?? (one.kind === 'answer' ? one.sql : ''), one.question === null, one);
    }
    isFresh.value = answered.length === 0;
  };
  const open = async (load: () => Promise<readonly ApiAnswered[]>): Promise<void> => {
    failure.value = null;
    try {
      show(await load());
    } catch (error) {
      failure.value = failureOf(error);
    }
  };
  const clear = (): void => {
    for (const turn of turns.value) {
      turn.cancel();
    }
    turns.value = [];
    failure.value = null;
    isFresh.value = true;
  };
  const inDatabase = (): { database?: string } =>
    library.database.value === '' ? {} : { database: library.database.value };
  const named = (): { database?: string; profile?: string } => ({
    ...inDatabase(),
    ...(library.profile.value === '' ? {} : { profile: library.profile.value }),
  });
  return {
    turns,
    follows,
    failure,
    clear,
    ask(question) {
      const body = { question, ...named(), ...going() };
      const turn = add(question, false, null);
      isFresh.value = false;
      void turn.ask({ path: '/v1/ask', body });
    },
    askSql(sql) {
      const body = { sql, ...inDatabase(), ...going() };
      const turn = add(sql, true, null);
      isFresh.value = false;
      void turn.ask({ path: '/v1/sql', body });
    },
    askSaved(saved, parameters) {
      const turn = add(saved.question, false, null);
      isFresh.value = false;
      const path = `/v1/saved/${encodeURIComponent(saved.name)}/ask`;
      void turn.ask({ path, body: { parameters, ...inDatabase() } });
    },
    async openRemembered(entry) {
      if (entry.conversation !== null) {
        const { conversation } = entry;
        await open(async () => {
          const { turns: found } = await client.json<Conversation>(
            `/v1/conversations/${encodeURIComponent(conversation)}`,
          );
          const same = found.filter(
            (one): one is ApiAnswer => one.kind === 'answer' && one.sql === entry.sql,
          );
          return same.slice(-1);
        });
      }
      if (entry.conversation === null || failure.value !== null) {
        failure.value = null;
        const turn = add(entry.question, false, null);
        isFresh.value = false;
        void turn.ask({ path: '/v1/sql', body: { sql: entry.sql, database: entry.database } });
      }
    },
    async openConversation(id) {
      clear();
      await open(
        async () => (await client.json<Conversation>(`/v1/conversations/${encodeURIComponent(id)}`)).turns,
      );
    },
    beginAfresh() {
      isFresh.value = true;
    },
  };
}
