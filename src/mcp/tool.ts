import type * as z from 'zod';
import { createReport } from '../ask/report.ts';
import type { Prompts } from '../terminal/prompt.ts';
import { type CallTerminal, createCallTerminal } from './call-terminal.ts';
import type { Session } from './session.ts';
import type { CallParts, ServedDatabase } from './workspace.ts';

/** What a tool tells. */
export interface Answer {
  /** Whole sentences of sqlq's own. */
  readonly says: readonly string[];
  /** Text that comes from the database; null where there is none. It is put between marks. */
  readonly data: string | null;
  /** The same for programs; each text in it is cleaned. */
  readonly structured: Readonly<Record<string, unknown>>;
  /** How many rows it tells; none unless it says so. */
  readonly rows?: number;
}

/** One call of a tool. */
export interface ToolCall {
  readonly session: Session;
  readonly database: ServedDatabase;
  readonly signal: AbortSignal;
  /** Tells the caller how far the call is. */
  readonly onStep: (text: string) => void;
  /** Digests of what the user has agreed to; null where the caller can't ask them. */
  readonly agreed: ReadonlySet<string> | null;
}

/** A tool: what a caller is told of it, and what it does. `run` throws a SqlqError for whatever the caller has to know. */
export interface Tool<Input extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodObject<Input>;
  readonly output?: z.ZodObject;
  /** It keeps something: in a file, or in what sqlq remembers. */
  readonly keeps?: boolean;
  run(args: z.infer<z.ZodObject<Input>>, call: ToolCall): Promise<Answer>;
}

/** Defines a tool; its input gives the types of its run. */
export function defineTool<const Input extends z.ZodRawShape>(tool: Tool<Input>): Tool<Input> {
  return tool;
}

/** What a statement of a call runs with: where a change is to be asked about, `ask` makes the questions of what was said. */
export function partsOf(
  { session, signal, onStep }: ToolCall,
  ask?: (lines: readonly string[]) => Prompts,
): CallParts & Pick<CallTerminal, 'lines' | 'notes'> {
  const { terminal, lines, notes } = createCallTerminal(
    session.workspace.silentTerminal(),
    ask !== undefined,
    onStep,
  );
  return { terminal, lines, notes, prompts: ask?.(lines) ?? noPrompts, report: createReport(), signal };
}

const unasked = async (): Promise<never> => {
  throw new Error('there is nobody to ask');
};

const noPrompts: Prompts = { select: unasked, input: unasked, confirm: unasked };
