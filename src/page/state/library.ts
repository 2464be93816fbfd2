import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Databases, Models, SchemaReply } from '../../serve/api/databases.ts';
import type { Conversations, History, Saved } from '../../serve/api/remembered.ts';
import type { Client } from '../api/client.ts';

export type Database = Databases['databases'][number];
export type Model = Models['models'][number];
export type SavedQuestion = Saved['saved'][number];
export type Remembered = History['history'][number];
export type ConversationTitle = Conversations['conversations'][number];

/** What there is to ask, and what was asked: null where it is not known yet. */
export interface Library {
  readonly databases: ReadonlySignal<readonly Database[] | null>;
  readonly models: ReadonlySignal<readonly Model[] | null>;
  readonly saved: ReadonlySignal<readonly SavedQuestion[] | null>;
  readonly history: ReadonlySignal<readonly Remembered[] | null>;
  readonly conversations: ReadonlySignal<readonly ConversationTitle[] | null>;
  readonly schema: ReadonlySignal<SchemaReply | null>;
  /** The database that is asked; empty where there is none. */
  readonly database: Signal<string>;
  /** The profile that is asked. */
  readonly profile: Signal<string>;
  /** Whether there may be more history than is there. */
  readonly hasMore: ReadonlySignal<boolean>;
  begin(): Promise<void>;
  refresh(): Promise<void>;
  moreHistory(): Promise<void>;
  loadSchema(): Promise<void>;
  forget(conversation: string): Promise<void>;
  clear(): void;
}

const historyPage = 50;

export function createLibrary(client: Client): Library {
  const databases = signal<readonly Database[] | null>(null);
  const models = signal<readonly Model[] | null>(null);
  const saved = signal<readonly SavedQuestion[] | null>(null);
  const history = signal<readonly Remembered[] | null>(null);
  const conversations = signal<readonly ConversationTitle[] | null>(null);
  const schema = signal<SchemaReply | null>(null);
  const database = signal('');
  const profile = signal('');
  const hasMore = signal(false);

  /** What can't be listed is not there: the page works without it. */
  const fill = async <Reply, Part>(
    into: Signal<Part | null>,
    path: string,
    part: (reply: Reply) => Part,
    instead: Part,
  ): Promise<void> => {
    const reply = await client.json<Reply>(path).catch(() => null);
    if (reply !== null || into.value === null) {
      into.value = reply === null ? instead : part(reply);
    }
  };
  const fillDatabases = async (): Promise<void> => {
    await fill<Databases, readonly Database[]>(databases, '/v1/databases', (reply) => reply.databases, []);
    database.value ||= (databases.value?.find(({ usual }) => usual) ?? databases.value?.[0])?.name ?? '';
  };
  const fillModels = async (): Promise<void> => {
    await fill<Models, readonly Model[]>(models, '/v1/models', (reply) => reply.models, []);
    profile.value ||= (models.value?.find(({ usual }) => usual) ?? models.value?.[0])?.profile ?? '';
  };
  const fillHistory = async (): Promise<void> => {
    await fill<History, readonly Remembered[]>(
      history,
      `/v1/history?limit=${historyPage}`,
      (reply) => reply.history,
      [],
    );
    hasMore.value = history.value?.length === historyPage;
  };
  const fillConversations = (): Promise<void> =>
    fill<Conversations, readonly ConversationTitle[]>(
      conversations,
      '/v1/conversations',
      (reply) => reply.conversations,
      [],
    );
  const refresh = async (): Promise<void> => {
    await Promise.all([fillHistory(), fillConversations()]);
  };
  return {
    databases,
    models,
    saved,
    history,
    conversations,
    schema,
    database,
    profile,
    hasMore,
    refresh,
    async begin() {
      const fillSaved = fill<Saved, readonly SavedQuestion[]>(saved, '/v1/saved', (reply) => reply.saved, []);
      await Promise.all([fillDatabases(), fillModels(), fillSaved, refresh()]);
    },
    async moreHistory() {
      const last = history.value?.at(-1);
      if (last !== undefined) {
        const path = `/v1/history?limit=${historyPage}&before=${last.id}`;
        const reply = await client.json<History>(path).catch(() => ({ history: [] }));
        history.value = [...(history.value ?? []), ...reply.history];
        hasMore.value = reply.history.length === historyPage;
      }
    },
    async loadSchema() {
      const name = database.value;
      if (schema.value?.database !== name) {
        schema.value = null;
        const reply = await client
          .json<SchemaReply>(`/v1/schema?database=${encodeURIComponent(name)}`)
          .catch(() => ({ database: name, engine: '', tables: [] }));
        // The user may have gone on to another one meanwhile.
        if (database.value === name) {
          schema.value = reply;
        }
      }
    },
    async forget(conversation) {
      await client.open(`/v1/conversations/${encodeURIComponent(conversation)}`, { method: 'DELETE' });
      await refresh();
    },
    clear() {
      for (const part of [databases, models, saved, history, conversations, schema]) {
        part.value = null;
      }
      database.value = '';
      profile.value = '';
    },
  };
}
