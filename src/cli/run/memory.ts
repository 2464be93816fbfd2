import { existsSync } from 'node:fs';
import type { Outcome, Recalled } from '../../ask/context.ts';
import { withoutStoredValues } from '../../ask/prompt/privacy.ts';
import type { ConfiguredNote } from '../../config/notes.ts';
import { redactJson, redactorOf } from '../../config/redact.ts';
import type { SendKind } from '../../config/settings/send.ts';
import { describeTarget, isFile } from '../../database/target.ts';
import { messageOf, SqlqError } from '../../errors.ts';
import { hiddenIn } from '../../knowledge/hidden.ts';
import { similarExamples } from '../../memory/examples.ts';
import { relevantNotes } from '../../memory/notes.ts';
import { type Remembered, rememberedIn } from '../../memory/remembered.ts';
import { wordingOf } from '../../memory/similarity.ts';
import { openStore, type Store } from '../../memory/store.ts';
import { providers } from '../../model/providers.ts';
import type { Schema } from '../../schema/schema.ts';
import type { CommandContext } from '../context.ts';
import type { OpenedDatabase } from './database.ts';
import { type RecallOptions, recallDocuments } from './documents.ts';
import type { Setup } from './setup.ts';

/** By the settings, which the setups of several questions of one run share. */
const openStores = new WeakMap<Setup['settings'], Promise<Store>>();

/** The store of a run, opened once. Rejects with a SqlqError `failed`. */
export function memoryOf(setup: Setup): Promise<Store> {
  const opened = openStores.get(setup.settings) ?? openStore(setup.memoryFile);
  openStores.set(setup.settings, opened);
  return opened;
}

/**
 * What is remembered for whom a run is: in the store, or, of a service's users, where all its instances find it. What whoever
 * runs sqlq has taught it is in the store in either case.
 */
export async function rememberedOf(setup: Setup): Promise<Remembered> {
  const { sharedMemory } = setup;
  const own = async (): Promise<Remembered> => rememberedIn(await memoryOf(setup));
  if (sharedMemory === undefined) {
    return own();
  }
  return {
    ...sharedMemory,
    async examples(place, whose) {
      const ofUsers = await sharedMemory.examples(
        place,
        whose.filter((who) => who !== ''),
      );
      const isForAll = whose.includes('') && hasMemory(setup);
      return [...(isForAll ? await (await own()).examples(place, ['']) : []), ...ofUsers];
    },
  };
}

/** Whether anything was ever remembered, so that nothing is loaded to find nothing. */
export function hasMemory(setup: Setup): boolean {
  return existsSync(setup.memoryFile);
}

/**
 * What keeps the outcome of a question, or nothing where the settings say so. The store is opened while the question is
 * worked on. What can't be kept is told of once and fails nothing.
 */
export function rememberer(
  setup: Setup,
  context: CommandContext,
  database: OpenedDatabase,
): ((outcome: Outcome) => Promise<number | null>) | null {
  const { history, historyDays, historyAnswers } = setup.settings.values;
  if (!history) {
    return null;
  }
  const store = rememberedOf(setup);
  store.catch(() => {});
  let warned = false;
  return async (outcome) => {
    try {
      const redact = redactorOf(context.secrets);
      const opened = await store;
      const place = describeTarget(database.target);
      const { previous: _previous, ...rest } = outcome;
      const question = await wholeQuestion(opened, place, outcome, setup.memory.who);
      const clean: Omit<Outcome, 'previous'> = JSON.parse(redactJson({ ...rest, question }, redact));
      return await opened.add(
        { ...clean, who: setup.memory.who, place, name: nameOf(setup, database) },
        { days: historyDays, answers: historyAnswers },
        context.now(),
      );
    } catch (error) {
      if (!warned) {
        warn(setup, 'The answer is not kept in the history', error);
      }
      warned = true;
      return null;
    }
  };
}

const allRoom = { room: Number.POSITIVE_INFINITY, embedder: null };

/**
 * What finds the notes on a question, what documents say of it, the examples that are like it, and the SQL that was bad for it. `send` is what may leave for the
 * server that is asked, null for the engine on this machine: all of them go where the database's comments do. `room` are characters for documents.
 */
export function recaller(
  setup: Setup,
  { target, hide }: Pick<OpenedDatabase, 'target' | 'hide'>,
  send: readonly SendKind[] | null,
  { room, embedder }: Pick<RecallOptions, 'room' | 'embedder'> = allRoom,
): (question: string, schema: Schema) => Promise<Recalled> {
  const place = describeTarget(target);
  return async (question, schema) => {
    const none: Recalled = { examples: [], notes: [], documents: [], attempts: [] };
    if (send !== null && !send.includes('comments')) {
      return none;
    }
    const own = notesFor(setup, hide);
    const isServed = send !== null;
    const { documents, notes } = await recallDocuments(setup, place, question, schema, {
      own,
      isServed,
      room,
      embedder,
      hide,
    });
    const noted: Recalled = {
      ...none,
      notes: [...relevantNotes(own, question, schema), ...notes],
      documents,
    };
    if (setup.sharedMemory === undefined && !hasMemory(setup)) {
      return noted;
    }
    try {
      const memory = await rememberedOf(setup);
      const { who, examplesOf } = setup.memory;
      const examples = similarExamples(question, await memory.examples(place, examplesOf));
      const isKnown = examples.some((example) => wordingOf(example.question) === wordingOf(question));
      return {
        ...noted,
        examples: examples.map(({ question: asked, sql, source, at }) => ({
          question: asked,
          sql: send !== null && source === 'offline' ? withoutStoredValues(sql, asked) : sql,
          day: at.slice(0, 10),
        })),
        attempts: (isKnown ? [] : await memory.badAnswers(place, question, who)).map((sql) => ({
          sql: send === null ? sql : withoutStoredValues(sql, question),
          source: 'user',
          problem: 'Not this one: it was a wrong answer to this question before.',
        })),
      };
    } catch (error) {
      warn(setup, 'Earlier answers and examples are left out', error);
      return noted;
    }
  };
}

/** The notes on the database of a run, but those that name a hidden column. */
export function notesFor({ settings }: Setup, hide: readonly string[]): readonly ConfiguredNote[] {
  const { database: name } = settings.values;
  const saysHidden = hiddenIn(hide);
  return settings.notes.filter(
    ({ database, table, term, meaning }) =>
      (database === null || database === name) && !saysHidden(`${table ?? ''} ${term} ${meaning}`),
  );
}

/** What a question asks, its own words and those of the question that it builds on. */
async function wholeQuestion(
  memory: Remembered,
  place: string,
  { question, previous }: Outcome,
  who: string,
): Promise<string> {
  if (previous === null) {
    return question;
  }
  const offline = await providers.offline.load();
  if (!offline.buildsOn(question)) {
    return question;
  }
  return `${(await memory.questionOf(place, previous.sql, who)) ?? previous.question}; ${question}`;
}

/** What `--db` would be called with to come to the same database again; a URL may hold more than a place. */
function nameOf(setup: Setup, { target }: OpenedDatabase): string | null {
  const { database } = setup.settings.values;
  if (setup.memory.database !== null) {
    return setup.memory.database;
  }
  if (database !== null && (database === 'sample' || setup.settings.databases.has(database))) {
    return database;
  }
  return isFile(target) ? target.path : null;
}

function warn({ terminal }: Setup, what: string, error: unknown): void {
  const reason = error instanceof SqlqError ? error.message : `${messageOf(error)}.`;
  terminal.warn(terminal.style('yellow', terminal.escape(`${what}: ${reason}`)));
}
