import { createReport, type Report } from '../../ask/report.ts';
import { createCallTerminal } from '../../mcp/call-terminal.ts';
import type { CallParts, ServedDatabase } from '../../mcp/workspace.ts';
import type { Prompts } from '../../terminal/prompt.ts';
import type { Caller } from '../caller.ts';
import { HttpError } from '../http-error.ts';
import type { Span } from '../observe/span.ts';
import { watchedReport } from '../observe/watch.ts';
import type { Parts } from '../parts.ts';
import { databasesFor } from '../workspace.ts';

/** One request's work: for whom, until when, and who hears of its steps. */
export interface Work {
  readonly parts: Parts;
  readonly caller: Caller;
  readonly requestId: string;
  /** The address that the request comes from. */
  readonly address: string;
  readonly signal: AbortSignal;
  readonly onStep: (text: string) => void;
  /** Its part of a trace. */
  readonly span: Span;
}

/** What one statement or question runs with; `lines` are what a terminal would have shown. */
export interface WorkCall extends CallParts {
  readonly report: Report;
  readonly lines: readonly string[];
}

/** Makes a call of a request; `ask` makes the questions to its user of what was said before. */
export function callOf(
  { parts, signal, onStep, span }: Work,
  ask?: (lines: readonly string[]) => Prompts,
): WorkCall {
  const silent = parts.workspace.silentTerminal();
  const { terminal, lines } = createCallTerminal(silent, ask !== undefined, onStep);
  const report = watchedReport(createReport(), { observe: parts.observe, span });
  return { terminal, lines, prompts: ask?.(lines) ?? noPrompts, report, signal };
}

/** The database that a request is for: the one that it names, or the caller's usual one. */
export async function databaseOf(
  { parts: { workspace }, caller }: Pick<Work, 'parts' | 'caller'>,
  named: string | undefined,
): Promise<ServedDatabase> {
  const known = databasesFor(workspace, caller);
  const [usual] = known;
  const name = named ?? usual;
  if (name === undefined) {
    throw new HttpError('forbidden', 'You may use no database of this server.');
  }
  if (!known.includes(name)) {
    throw new HttpError('not-found', `No database is called "${name}" here.`, {
      hint: `There are: ${known.join(', ')}.`,
    });
  }
  return workspace.open(name, caller);
}

const unasked = async (): Promise<never> => {
  throw new Error('there is nobody to ask');
};

const noPrompts: Prompts = { select: unasked, input: unasked, confirm: unasked };
