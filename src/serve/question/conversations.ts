import * as z from 'zod';
import type { Conversations as Listed } from '../api/remembered.ts';
import type { Caller } from '../caller.ts';
import { notFound } from '../http-error.ts';
import type { SharedState } from '../state/state.ts';
import { keptMilliseconds, newId } from './kept.ts';

const conversationSchema = z.object({
  title: z.string(),
  time: z.string(),
  /** Ids of its answers, the last one last. */
  turns: z.array(z.string()),
});

type Kept = z.infer<typeof conversationSchema>;

/** So many turns of a conversation are kept, the newest. */
const mostTurns = 200;
const longestTitle = 120;

/** A caller's conversations: which answers belong together, and in which order. */
export interface Conversations {
  /** The ids of the answers of one. Throws `not-found` for one that is not the caller's own. */
  turns(caller: Caller, id: string): Promise<readonly string[]>;
  /** Adds an answer to a conversation, which begins with it where it is new. */
  add(caller: Caller, id: string, answer: string, title: string): Promise<void>;
  /** The newest first. */
  list(caller: Caller): Promise<Listed['conversations']>;
  forget(caller: Caller, id: string): Promise<void>;
}

export function createConversations(state: SharedState, now: () => Date): Conversations {
  const prefixOf = ({ id }: Caller): string => `conversation:${encodeURIComponent(id)}:`;
  const read = async (caller: Caller, id: string): Promise<{ text: string; kept: Kept } | null> => {
    const text = /^[\w-]{22}$/u.test(id) ? await state.get(prefixOf(caller) + id) : null;
    return text === null ? null : { text, kept: conversationSchema.parse(JSON.parse(text)) };
  };
  const found = async (caller: Caller, id: string): Promise<Kept> => {
    const one = await read(caller, id);
    if (one === null) {
      throw notFound('conversation');
    }
    return one.kept;
  };
  return {
    turns: async (caller, id) => (await found(caller, id)).turns,
    async add(caller, id, answer, title) {
      const key = prefixOf(caller) + id;
      const time = now().toISOString();
      for (;;) {
        const before = await read(caller, id);
        const kept: Kept = {
          title: before?.kept.title ?? title.slice(0, longestTitle),
          time,
          turns: [...(before?.kept.turns ?? []), answer].slice(-mostTurns),
        };
        const text = JSON.stringify(kept);
        const isKept =
          before === null
            ? await state.claim(key, text, keptMilliseconds)
            : await state.replace(key, before.text, text, keptMilliseconds);
        if (isKept) {
          return;
        }
      }
    },
    async list(caller) {
      const prefix = prefixOf(caller);
      const ids = (await state.keys(prefix)).map((key) => key.slice(prefix.length));
      const all = await Promise.all(
        ids.map(async (id) => {
          const one = await read(caller, id);
          return one === null
            ? []
            : [{ id, title: one.kept.title, time: one.kept.time, turns: one.kept.turns.length }];
        }),
      );
      return all.flat().sort((a, b) => b.time.localeCompare(a.time));
    },
    async forget(caller, id) {
      await found(caller, id);
      await state.delete(prefixOf(caller) + id);
    },
  };
}

/** The conversation that a question belongs to: the one that is named, or a new one. */
export async function conversationOf(
  conversations: Conversations,
  caller: Caller,
  named: string | undefined,
): Promise<{ readonly id: string; readonly turns: readonly string[] }> {
  return named === undefined
    ? { id: newId(), turns: [] }
    : { id: named, turns: await conversations.turns(caller, named) };
}
