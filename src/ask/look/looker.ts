import { SqlqError } from '../../errors.ts';
import type { Looking, ToolCall } from '../../model/message.ts';
import { counted } from '../../render/quantity.ts';
import type { Schema } from '../../schema/schema.ts';
import type { AskContext } from '../context.ts';
import type { LookTurn } from '../prompt/prompt.ts';
import type { Found, LookTool } from './look-tools.ts';

/** A model's looks before it answers one question. */
export interface Looker {
  /** What the next request offers; null where the model has to answer now. */
  readonly looking: Looking | null;
  /** What was called and found so far. */
  readonly turns: readonly LookTurn[];
  /** Does what the model calls for, shows it and reports it. Rejects where the run is cancelled. */
  take(calls: readonly ToolCall[], said: string): Promise<void>;
  /** The model has answered: it is offered no more looks. */
  end(): void;
}

/** How far a model may look. */
interface LookLimits {
  /** Calls in all. */
  readonly steps: number;
  /** Characters of all that it is told. */
  readonly room: number;
}

const leastText = 300;
const answerNow = 'No look is left: answer now.';

/** What a model is offered that may look so often. */
export async function lookingFor(
  context: AskContext,
  { steps }: Pick<LookLimits, 'steps'>,
): Promise<Looking> {
  const { definitionOf, lookToolsFor } = await import('./look-tools.ts');
  return {
    tools: lookToolsFor(context).map(definitionOf),
    note: `Where the schema does not tell what the query needs, call tools first, ${counted(steps, 'call')} at most. Then give the answer: call answer, or reply with the JSON object.`,
  };
}

/** Makes the looks of a question; a model that calls in vain is told once, and then has to answer. */
export async function createLooker(
  context: AskContext,
  schema: Schema,
  { steps, room }: LookLimits,
): Promise<Looker> {
  const { lookToolsFor } = await import('./look-tools.ts');
  const lookTools = lookToolsFor(context);
  const offer = await lookingFor(context, { steps });
  const { terminal, report, signal } = context;
  const turns: LookTurn[] = [];
  const seen = new Set<string>();
  let left = steps;
  let roomLeft = room;
  let isWarned = false;

  /** Tells a model of a call in vain; the second is the last. */
  const inVain = (why: string): Found => {
    if (isWarned) {
      left = 0;
      terminal.note(terminal.style('yellow', `${terminal.escape(why)} It has to answer now.`));
      return { text: `${why} ${answerNow}`, gist: why };
    }
    isWarned = true;
    return { text: `${why} One more such call, and you have to answer.`, gist: why };
  };

  const look = async (call: ToolCall): Promise<Found> => {
    const tool = lookTools.find(({ name }) => name === call.name);
    if (tool === undefined) {
      return inVain(`There is no tool ${call.name.slice(0, 60)}.`);
    }
    const input = inputOf(tool, call.arguments);
    if ('problem' in input) {
      return inVain(`The arguments of ${tool.name} are not what it takes: ${input.problem}`);
    }
    const key = JSON.stringify([tool.name, input.value]);
    if (seen.has(key)) {
      return inVain(`The model has called ${tool.name} with the same arguments before.`);
    }
    seen.add(key);
    const found = await tool.look(input.value, { context, schema, signal }).catch(failure);
    const most = Math.max(leastText, Math.floor(roomLeft / 2));
    const text = found.text.length > most ? `${found.text.slice(0, most)}…` : found.text;
    roomLeft -= text.length;
    return { ...found, text };
  };

  /** What a model hears of a look that failed: what is wrong with its input, but no words of the database. */
  const failure = (error: unknown): Found => {
    signal.throwIfAborted();
    if (!(error instanceof SqlqError)) {
      throw error;
    }
    const own = [error.message, error.hint].filter((part) => part !== null).join(' ');
    return { text: error.code === 'usage' ? own : 'The look failed.', gist: error.message };
  };

  return {
    get looking() {
      return left > 0 ? offer : null;
    },
    turns,
    async take(calls, said) {
      const done: { readonly call: ToolCall; readonly text: string }[] = [];
      for (const call of calls) {
        signal.throwIfAborted();
        const step = steps - left + 1;
        terminal.progress.step(`Looking: ${terminal.escape(call.name)}`);
        const isOver = left <= 0;
        left -= 1;
        const { text, gist } = isOver
          ? { text: answerNow, gist: 'not looked' }
          : await report.time('look', () => look(call));
        terminal.progress.stop();
        const short = terminal.escape(call.arguments.replaceAll(/\s+/gu, ' ').slice(0, 100));
        terminal.note(
          terminal.style(
            'dim',
            `Look ${isOver ? `${steps} of ${steps} is past` : `${step} of ${steps}`}: ${terminal.escape(call.name)} ${short}: ${terminal.escape(gist)}`,
          ),
        );
        report.data.looks.push({ tool: call.name, arguments: call.arguments, told: text });
        done.push({ call, text });
      }
      turns.push({ said, done });
    },
    end() {
      left = 0;
    },
  };
}

/** What a tool is called with, or what is wrong with it; servers send the object as a text, and some as the text of a text. */
function inputOf(tool: LookTool, text: string): { readonly value: unknown } | { readonly problem: string } {
  let value: unknown = text.trim() === '' ? {} : text;
  for (let depth = 0; depth < 2 && typeof value === 'string'; depth++) {
    try {
      value = JSON.parse(value);
    } catch {
      return { problem: 'they are no JSON.' };
    }
  }
  const { data, error } = tool.input.safeParse(value);
  return error === undefined
    ? { value: data }
    : { problem: error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') };
}
