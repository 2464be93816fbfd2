import type { Cacheable } from '../ask/cache/answer-cache.ts';
import type { Access } from '../database/database.ts';
import type { Workspace as McpWorkspace, ServedDatabase } from '../mcp/workspace.ts';
import type { PastAnswer } from '../memory/history.ts';
import type { SavedQuestion } from '../memory/saved.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Models } from './api/databases.ts';
import type { Caller } from './caller.ts';

/** What became of an answer after it was proposed. */
export interface AnswerRun {
  /** The id of the user whose it is. */
  readonly who: string;
  /** Its number in the history; null where it is not kept there. */
  readonly history: number | null;
  readonly conversation: string;
  readonly outcome: string;
  readonly rows: number | null;
  /** What the answer cache may keep, now that the rows have come; null where it may keep nothing. */
  readonly cacheable: Cacheable | null;
}

/** What the service works with: the databases and models of its settings, and what is remembered. */
export interface Workspace {
  readonly version: string;
  /** The names of the databases that are served, the usual one first. */
  readonly databases: readonly string[];
  /** What SQL may run at all; whoever lacks the role `write` only reads. */
  readonly access: Access;
  /** Rows to stop after; null for all. */
  readonly limit: number | null;
  /** A database as a caller may see it. Rejects with the SqlqError for which it can't be opened; the next call tries again. */
  open(name: string, caller: Caller): Promise<ServedDatabase>;
  /** The profiles that may be named. */
  models(): Promise<Models['models']>;
  /** The saved questions of the folder that the server was started in. */
  savedQuestions(): Promise<readonly { readonly name: string; readonly saved: SavedQuestion }[]>;
  /** A caller's newest answers, those before a number where one is given. */
  history(caller: Caller, most: number, before: number | undefined): Promise<readonly PastAnswer[]>;
  /** Keeps what became of an answer. Never rejects. */
  noteRun(run: AnswerRun): Promise<void>;
  /** What a model of the caller's own works with, by MCP. */
  forAgent(caller: Caller): McpWorkspace;
  /** Takes known secrets out of a text. */
  redact(text: string): string;
  /** Says on stderr, for whoever started the server. */
  warn(text: string): void;
  /** A terminal that nobody sees. */
  silentTerminal(): Terminal;
  close(): Promise<void>;
}

/** The databases that a caller may name, the usual one first. */
export function databasesFor({ databases }: Pick<Workspace, 'databases'>, caller: Caller): readonly string[] {
  const { databases: own } = caller;
  return own === null ? databases : databases.filter((name) => own.includes(name));
}

/** What SQL of a caller's may do. */
export function accessFor({ access }: Pick<Workspace, 'access'>, caller: Caller): Access {
  return caller.roles.has('write') ? access : 'read';
}

/** The most rows that a caller is given; null for all. */
export function rowLimitFor(
  { limit }: Pick<Workspace, 'limit'>,
  caller: Caller,
  asked: number | undefined,
): number | null {
  const limits = [limit, caller.rowLimit, asked ?? null].filter((one) => one !== null);
  return limits.length === 0 ? null : Math.min(...limits);
}
