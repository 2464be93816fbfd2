import type { CallToolResult } from '@modelcontextprotocol/server';
import { errorForModel } from '../ask/prompt/error-for-model.ts';
import { messageForModel } from '../ask/prompt/privacy.ts';
import { dialectOf } from '../database/engines.ts';
import { exitCodes, messageOf, SqlqError } from '../errors.ts';
import { ConsentNeeded } from './consent.ts';
import type { Session } from './session.ts';
import { cleanData, createCleaner, framed } from './text.ts';
import type { Answer, Tool, ToolCall } from './tool.ts';
import type { ServedDatabase } from './workspace.ts';

/** What a protocol knows of a call. */
export interface Calling {
  readonly signal: AbortSignal;
  readonly agreed: ReadonlySet<string> | null;
  /** Null where the caller does not want to know. */
  readonly progress: ((text: string) => void) | null;
}

/** A caller hears at the latest after this long that a call goes on. */
const heartbeatMs = 1000;
/** More often than this a caller is told nothing. */
const shortestPauseMs = 100;

/**
 * Does a call, however it ends, as a result for its caller; the ledger hears what that was told. Rejects with what the user
 * has to be asked, and with the reason where the call was cancelled.
 */
export async function callTool(
  session: Session,
  tool: Tool,
  args: Readonly<Record<string, unknown>>,
  calling: Calling,
): Promise<CallToolResult> {
  const { workspace } = session;
  const start = performance.now();
  const [usual = ''] = workspace.databases;
  const name = typeof args['database'] === 'string' ? args['database'] : usual;
  const signal = withReason(calling.signal);
  const steps = tellSteps(calling.progress);
  let database: ServedDatabase | null = null;
  let result: CallToolResult;
  let rows = 0;
  let exitCode: number = exitCodes.answered;
  try {
    if (!workspace.databases.includes(name)) {
      throw new SqlqError('usage', `No database is called "${name}" here.`, {
        hint: `There are: ${workspace.databases.join(', ')}.`,
      });
    }
    database = await workspace.open(name, signal);
    const call: ToolCall = { session, database, signal, onStep: steps.tell, agreed: calling.agreed };
    const input = tool.input.parse(args);
    const about = { tool: tool.name, database: name, arguments: args };
    const answer = await workspace.around(about, () => tool.run(input, call));
    rows = answer.rows ?? 0;
    result = resultOf(session, answer);
  } catch (error) {
    if (error instanceof ConsentNeeded) {
      throw error;
    }
    calling.signal.throwIfAborted();
    exitCode = exitCodes[error instanceof SqlqError ? error.code : 'failed'];
    result = await errorResult(session, database, error, args['sql'], signal);
  } finally {
    steps.stop();
  }
  const milliseconds = Math.round(performance.now() - start);
  workspace.ledger.told({
    tool: tool.name,
    database: database?.name ?? name,
    arguments: args,
    result,
    exitCode,
    milliseconds,
    rows,
  });
  return result;
}

/** A signal whose reason is an error of ours: what a protocol cancels with may be anything. */
function withReason(signal: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const abort = (): void =>
    controller.abort(new SqlqError('cancelled', 'The call was cancelled by its caller.'));
  if (signal.aborted) {
    abort();
  } else {
    signal.addEventListener('abort', abort, { once: true });
  }
  return controller.signal;
}

/** Tells steps to a caller as they come, and that one goes on while it lasts. */
function tellSteps(progress: Calling['progress']): { tell(text: string): void; stop(): void } {
  if (progress === null) {
    return { tell() {}, stop() {} };
  }
  const start = performance.now();
  let step = 'Working';
  let told = 0;
  const beat = setInterval(() => {
    progress(`${step} (${Math.round((performance.now() - start) / 1000)} s)`);
  }, heartbeatMs);
  return {
    tell(text) {
      step = text;
      const now = performance.now();
      if (now - told >= shortestPauseMs) {
        told = now;
        progress(text);
      }
    },
    stop: () => clearInterval(beat),
  };
}

/** What is told: sqlq's sentences, and what the database says between marks, without secrets and with nothing unseen. */
function resultOf({ workspace }: Session, { says, data, structured }: Answer): CallToolResult {
  const cleaner = createCleaner();
  const own = cleaner.clean(workspace.redact(says.filter((text) => text !== '').join('\n')));
  const text = [own, ...(data === null ? [] : [framed(cleaner.clean(data))])].filter((part) => part !== '');
  return {
    content: [{ type: 'text', text: text.join('\n') }],
    structuredContent: Object.fromEntries(
      Object.entries(structured).map(([key, value]) => [key, cleanData(value, cleaner)]),
    ),
  };
}

/** An error as a caller hears it: what failed and what to do next; where no rows are told, without what a row may hold. */
async function errorResult(
  { workspace }: Session,
  database: ServedDatabase | null,
  thrown: unknown,
  sql: unknown,
  signal: AbortSignal,
): Promise<CallToolResult> {
  if (!(thrown instanceof SqlqError)) {
    workspace.warn(`This is a bug in sqlq: ${thrown instanceof Error ? thrown.stack : messageOf(thrown)}`);
  }
  const error = thrown instanceof SqlqError ? thrown : bug();
  const told =
    error.code === 'failed' && database !== null
      ? await databaseError(database, error, typeof sql === 'string' ? sql : '', signal)
      : [error.message, error.hint ?? ''].filter((part) => part !== '').join('\n');
  const text = createCleaner().clean(workspace.redact(`${error.code}: ${told}`));
  // The engine's own words may quote what a row holds.
  const isOwn = error.code !== 'failed';
  return { content: [{ type: 'text', text: isOwn ? text : framed(text) }], isError: true };
}

/** What a database says of a statement, as a model may hear it, with names of its schema that are near. */
async function databaseError(
  { client, telling, readSchema }: ServedDatabase,
  error: SqlqError,
  sql: string,
  signal: AbortSignal,
): Promise<string> {
  try {
    return errorForModel(error, sql, await readSchema(signal), telling.rows);
  } catch {
    // The schema could not be read, so that no name of it is known.
    const { messages } = dialectOf(client.engine);
    return telling.rows ? error.message : messageForModel(error.message, error.engineCode, sql, messages);
  }
}

function bug(): SqlqError {
  return new SqlqError('failed', 'This is a bug in sqlq; its log on stderr says more.');
}
