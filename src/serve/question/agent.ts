import type { AsyncLocalStorage } from 'node:async_hooks';
import { SqlqError } from '../../errors.ts';
import type { CallParts, Workspace as McpWorkspace, ServedDatabase } from '../../mcp/workspace.ts';
import type { Caller } from '../caller.ts';
import { HttpError } from '../http-error.ts';
import { noSpan, type Span } from '../observe/span.ts';
import { watchedModel, watchedReport } from '../observe/watch.ts';
import type { Parts } from '../parts.ts';
import { agentLedger } from './agent-ledger.ts';
import { audited } from './audited.ts';
import { profileFor } from './profile.ts';
import { savedFor } from './saved.ts';

/** The request that an agent's call came with. */
export interface AgentRequest {
  readonly id: string;
  readonly address: string;
  /** Its part of a trace; that of a call while that lasts. */
  readonly span: Span;
}

/**
 * What a caller's agent works with: what it asks and runs is written down, paid for and asked of the profiles as if the caller
 * had done it.
 */
export function agentOf(
  parts: Parts,
  caller: Caller,
  requests: AsyncLocalStorage<AgentRequest>,
): McpWorkspace {
  const own = parts.workspace.forAgent(caller);
  const { observe } = parts;
  const requestOf = (): AgentRequest => requests.getStore() ?? { id: '', address: '', span: noSpan };
  const watched = (call: CallParts): CallParts => ({
    ...call,
    report: watchedReport(call.report, { observe, span: requestOf().span }),
  });
  const within = (database: ServedDatabase): ServedDatabase => ({
    ...database,
    runContext: (call) => database.runContext(watched(call)),
    changeContext: (call) => database.changeContext(watched(call)),
    async askContext(call, profile) {
      const allowed = await profileFor({ parts, caller }, profile);
      const context = await database.askContext(watched(call), allowed ?? undefined);
      const { generation } = context;
      const model = watchedModel(generation.model, requestOf().span);
      // The engine on this machine costs nothing.
      return generation.readsValues
        ? { ...context, generation: { ...generation, model } }
        : { ...context, generation: { ...generation, model: parts.purse.paid(model, caller) } };
    },
  });
  return {
    ...own,
    ledger: agentLedger(parts),
    open: (name, signal) => own.open(name, signal).then(within, refuse),
    savedQuestions: () => savedFor(parts.workspace, caller),
    around({ tool, database, arguments: { question, sql } }, work) {
      const request = requestOf();
      const { id, address } = request;
      // https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp/: what was called with what is not told.
      const span = request.span.child(`tools/call ${tool}`, 'internal', {
        'mcp.method.name': 'tools/call',
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': tool,
      });
      return audited(
        { parts, caller, requestId: id, address },
        `mcp.${tool}`,
        { database, ...textsOf({ question, sql }) },
        async (note) => {
          const answer = await requests.run({ ...request, span }, work);
          note(answer.rows === undefined ? {} : { rows: answer.rows });
          return answer;
        },
      )
        .catch((error: unknown) => {
          span.fail(error instanceof SqlqError || error instanceof HttpError ? error.code : 'failed');
          return refuse(error);
        })
        .finally(() => span.end());
    },
  };
}

/** An agent is told of what HTTP refuses as of what a run does. */
function refuse(error: unknown): never {
  if (error instanceof HttpError) {
    const code = error.code === 'busy' || error.code === 'too-many' ? 'limit' : 'usage';
    throw new SqlqError(code, error.message, {
      ...(error.hint === null ? {} : { hint: error.hint }),
      cause: error,
    });
  }
  throw error;
}

function textsOf(values: { readonly question: unknown; readonly sql: unknown }): {
  readonly question: string | null;
  readonly sql: string | null;
} {
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return { question: text(values.question), sql: text(values.sql) };
}
