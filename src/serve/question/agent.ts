import { SqlqError } from '../../errors.ts';
import type { Workspace as McpWorkspace, ServedDatabase } from '../../mcp/workspace.ts';
import type { Caller } from '../caller.ts';
import { HttpError } from '../http-error.ts';
import type { Parts } from '../parts.ts';
import { agentLedger } from './agent-ledger.ts';
import { audited } from './audited.ts';
import { profileFor } from './profile.ts';
import { savedFor } from './saved.ts';

/** The request that an agent's call came with. */
export interface AgentRequest {
  readonly id: string;
  readonly address: string;
}

/**
 * What a caller's agent works with: what it asks and runs is written down, paid for and asked of the profiles as if the caller
 * had done it.
 */
export function agentOf(
  parts: Parts,
  caller: Caller,
  requestOf: () => AgentRequest | undefined,
): McpWorkspace {
  const own = parts.workspace.forAgent(caller);
  const within = (database: ServedDatabase): ServedDatabase => ({
    ...database,
    async askContext(call, profile) {
      const allowed = await profileFor({ parts, caller }, profile);
      const context = await database.askContext(call, allowed ?? undefined);
      const { generation } = context;
      // The engine on this machine costs nothing.
      return generation.readsValues
        ? context
        : { ...context, generation: { ...generation, model: parts.purse.paid(generation.model, caller) } };
    },
  });
  return {
    ...own,
    ledger: agentLedger(parts),
    open: (name, signal) => own.open(name, signal).then(within, refuse),
    savedQuestions: () => savedFor(parts.workspace, caller),
    around({ tool, database, arguments: { question, sql } }, work) {
      const { id, address } = requestOf() ?? { id: '', address: '' };
      return audited(
        { parts, caller, requestId: id, address },
        `mcp.${tool}`,
        { database, ...textsOf({ question, sql }) },
        async (note) => {
          const answer = await work();
          note(answer.rows === undefined ? {} : { rows: answer.rows });
          return answer;
        },
      ).catch(refuse);
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
