import type { RunContext } from '../../ask/context.ts';
import { sendOf } from '../../config/egress.ts';
import type { SendKind } from '../../config/settings/send.ts';
import { describeTarget, isOf } from '../../database/target.ts';
import { SqlqError } from '../../errors.ts';
import { mostKeptBytes } from '../../mcp/results.ts';
import type { CallParts, ServedDatabase, Telling } from '../../mcp/workspace.ts';
import type { Schema } from '../../schema/schema.ts';
import type { CommandContext } from '../context.ts';
import type { RowOptions } from '../options/shared.ts';
import { askContext, runContext } from './ask-context.ts';
import type { OpenedDatabase } from './database.ts';
import { documentSearch } from './documents.ts';
import { keepFeedback } from './keep-feedback.ts';
import { notesFor, recaller } from './memory.ts';
import type { ChosenModel } from './model.ts';
import type { rememberingReaders } from './remembering-readers.ts';
import type { Setup } from './setup.ts';

/** An open database, and what goes with it, for callers that ask by a protocol. */
export interface ServedParts {
  readonly name: string;
  /** As flags and settings have it; the memory in it is the caller's. */
  readonly setup: Setup;
  readonly context: CommandContext;
  readonly options: Pick<RowOptions, 'write' | 'writeDdl'>;
  readonly opened: OpenedDatabase;
  readonly readers: ReturnType<typeof rememberingReaders>;
  /** The same database on a connection that may change it. */
  openWriter(): Promise<OpenedDatabase>;
  /** What answers: of a profile, or the usual one. */
  choose(profile: string | undefined): Promise<ChosenModel>;
}

/** What may be told a caller who is a model: what `send` says, where somebody has set it; else starting this is the word for rows. */
function tellingOf(
  { settings }: Setup,
  database: OpenedDatabase,
): {
  readonly send: readonly SendKind[];
  readonly telling: Telling;
} {
  const isSet = settings.sources.send !== 'built in' || database.send !== null;
  const send: readonly SendKind[] = isSet
    ? sendOf(settings, database.send, null)
    : ['comments', 'defaults', 'samples', 'rows'];
  return {
    send,
    telling: {
      comments: send.includes('comments'),
      defaults: send.includes('defaults'),
      values: send.includes('samples') || send.includes('rows'),
      rows: send.includes('rows'),
    },
  };
}

/** A database as a caller has it. */
export function servedDatabase(parts: ServedParts): ServedDatabase {
  const { name, setup, context, options, opened, readers } = parts;
  const { telling, send } = tellingOf(setup, opened);
  const { limit, csvSafe } = setup.settings.values;
  const delivery = {
    format: 'csv' as const,
    output: null,
    limit,
    csvSafe,
    collect: true,
    mostBytes: mostKeptBytes,
  };
  const inCall = ({ terminal, prompts, report, signal }: CallParts) => ({
    setup: { ...setup, terminal, prompts, report },
    context: { ...context, signal },
  });
  /** The schema as one call knows it: the database is asked once whether it is still the same. */
  const schemaOf = ({ signal }: CallParts): (() => Promise<Schema>) => {
    let read: Promise<Schema> | null = null;
    return () => {
      read ??= readers.readSchema(signal);
      return read;
    };
  };
  /** What looks for doubts knows the schema by what is remembered of it, too. */
  const remembering = ({ doubts, ...made }: RunContext, readSchema: () => Promise<Schema>) => ({
    ...made,
    doubts: doubts === null ? null : { ...doubts, readSchema },
  });
  return {
    name,
    place: describeTarget(opened.target),
    client: opened.client,
    telling,
    notes: telling.comments ? notesFor(setup, opened.hide) : [],
    ...readers,
    runContext(call) {
      const within = inCall(call);
      const made = runContext(within.setup, within.context, opened, {});
      return { ...remembering(made, schemaOf(call)), yes: true, delivery };
    },
    async changeContext(call) {
      const writer = await parts.openWriter();
      const within = inCall(call);
      const { write = false, writeDdl = false } = options;
      return { ...runContext(within.setup, within.context, writer, { write, writeDdl }), delivery };
    },
    async askContext(call, profile) {
      const chosen = await parts.choose(profile);
      const within = inCall(call);
      const made = await askContext(within.setup, within.context, opened, { yes: true }, chosen);
      const readSchema = schemaOf(call);
      return {
        ...made,
        ...remembering(made, readSchema),
        delivery,
        knowledge: {
          ...made.knowledge,
          readSchema,
          readValues: (schema) => readers.readValues(schema, call.signal),
        },
      };
    },
    recall: recaller(setup, opened, send),
    searchDocuments: documentSearch(setup, opened, send),
    fits: ({ engine }) => isOf(opened.target, engine),
    async keepFeedback(answer, verdict, correction) {
      if (!setup.settings.values.history) {
        throw new SqlqError('usage', 'Nothing is remembered here: the setting history is off.');
      }
      return keepFeedback(setup, context, opened, { ...answer, basis: null }, verdict, correction);
    },
  };
}
