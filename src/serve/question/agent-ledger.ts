import { exitCodes } from '../../errors.ts';
import type { Ledger } from '../../mcp/workspace.ts';
import type { Parts } from '../parts.ts';

/** Counts the questions of a caller's agent with those that people ask. */
export function agentLedger({ observe }: Pick<Parts, 'observe'>): Ledger {
  return {
    told({ tool, database, exitCode, milliseconds }) {
      const code = codeOf(exitCode);
      if (tool === 'ask' && code !== 'usage') {
        observe.question(code, milliseconds / 1_000, { database: database ?? '', profile: '' });
      }
    },
  };
}

function codeOf(exitCode: number): keyof typeof exitCodes {
  const entries = Object.entries(exitCodes) as [keyof typeof exitCodes, number][];
  return entries.find(([, code]) => code === exitCode)?.[0] ?? 'failed';
}
