import { exitCodes, messageOf } from '../../errors.ts';
import type { Ledger } from '../../mcp/workspace.ts';
import type { Caller } from '../caller.ts';
import type { Parts } from '../parts.ts';

type Told = Parameters<Ledger['told']>[0];

/**
 * Writes down each call of a caller's agent: that it begins, before it does, and how it ended. Questions are counted with
 * those that people ask.
 */
export function agentLedger(
  { audit, observe, workspace }: Pick<Parts, 'audit' | 'observe' | 'workspace'>,
  caller: Caller,
): Ledger {
  const entryOf = ({ tool, database, arguments: given }: Pick<Told, 'tool' | 'database' | 'arguments'>) => ({
    action: `mcp.${tool}`,
    caller,
    database,
    question: textOf(given, 'question'),
    sql: textOf(given, 'sql'),
  });
  return {
    begins: (call) => audit.record({ ...entryOf(call), outcome: 'started' }),
    told(call) {
      const { exitCode, milliseconds, rows } = call;
      const code = codeOf(exitCode);
      const outcome = code === 'answered' ? 'done' : code;
      audit.record({ ...entryOf(call), outcome, milliseconds, rows }).catch((error: unknown) => {
        workspace.warn(`How a call ended is not written down: ${messageOf(error)}`);
      });
      if (call.tool === 'ask' && code !== 'usage') {
        const labels = { database: call.database ?? '', profile: textOf(call.arguments, 'profile') ?? '' };
        observe.question(code, milliseconds / 1_000, labels);
      }
    },
  };
}

function codeOf(exitCode: number): keyof typeof exitCodes {
  const entries = Object.entries(exitCodes) as [keyof typeof exitCodes, number][];
  return entries.find(([, code]) => code === exitCode)?.[0] ?? 'failed';
}

/** A text of a call's arguments; null where there is none. */
function textOf(given: unknown, name: string): string | null {
  const value = Object.entries(given ?? {}).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : null;
}
