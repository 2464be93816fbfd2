import { type ReadonlySignal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type Client, createClient, type Failure } from '../api/client.ts';
import type { Speech } from '../words/language.ts';
import { type Account, createAccount } from './account.ts';
import { type Connection, createConnection } from './connection.ts';
import { createDownloads, type Downloads } from './download.ts';
import { createLibrary, type Library } from './library.ts';
import { createPreferences, type Preferences } from './preferences.ts';
import { createSession, type Session } from './session.ts';
import { createThread, type Thread } from './thread.ts';

/** All that the page's parts share. */
export interface Page {
  readonly client: Client;
  readonly preferences: Preferences;
  readonly connection: Connection;
  readonly session: Session;
  readonly account: Account;
  readonly library: Library;
  readonly thread: Thread;
  readonly downloads: Downloads;
  /** What a screen reader is told, besides what it finds. */
  readonly announcement: ReadonlySignal<string>;
  announce(text: string): void;
  /** Signs out, and leaves nothing of the user on the page. */
  leave(): Promise<void>;
  /** Ends all sessions of the user. Throws `Failure`. */
  leaveEverywhere(): Promise<void>;
}

export function createPage(root: HTMLElement, languages: readonly string[]): Page {
  const preferences = createPreferences(root, languages);
  const announcement = signal('');
  const announce = (text: string): void => {
    announcement.value = text;
  };
  const speech = (): Speech => preferences.speech.value;
  const forget = (): void => {
    thread.clear();
    library.clear();
  };
  const connection = createConnection(() => {
    announce(speech().say('page.back'));
    void library.refresh();
  });
  const client = createClient({
    signedOut() {
      session.ended();
      forget();
    },
    lost: connection.lost,
    reached: connection.reached,
  });
  const session = createSession(client);
  const account = createAccount(client);
  const library = createLibrary(client);
  const thread = createThread(client, library, {
    answered({ question, clarification }) {
      const asks = clarification.value?.asks;
      announce(
        asks === undefined
          ? speech().say('work.answerReady', { question })
          : speech().say('work.choiceReady', { asks }),
      );
      void library.refresh();
    },
    ran({ run }) {
      const rows = run.value?.rows.length ?? 0;
      announce(run.value?.state.value.kind === 'done' ? speech().count('rows.count', rows) : '');
      void library.refresh();
    },
    failed: (failure) => announce(speech().say('work.failed', { message: messageOf(failure, speech()) })),
  });
  return {
    client,
    preferences,
    connection,
    session,
    account,
    library,
    thread,
    downloads: createDownloads(client),
    announcement,
    announce,
    async leave() {
      await session.leave();
      forget();
    },
    async leaveEverywhere() {
      await account.leaveEverywhere();
      session.ended();
      forget();
    },
  };
}

/** What went wrong: in the server's words, or the page's own where no reply came. */
export function messageOf({ code, message }: Failure, { say }: Speech): string {
  return message || say(code === 'cancelled' ? 'error.cancelled' : 'error.lost');
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) {
    throw new Error('A part of the page is drawn outside of it.');
  }
  return page;
}

export const useSpeech = (): Speech => usePage().preferences.speech.value;
