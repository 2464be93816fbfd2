import { z } from 'zod';
import type { ToolCall } from '../message.ts';
import { balancedObjects, parseJson } from './json.ts';
import { withoutThinking } from './thinking.ts';

const argumentsText = z
  .union([z.string(), z.record(z.string(), z.unknown())])
  .transform((given) => (typeof given === 'string' ? given : JSON.stringify(given)));
const bareCall = z
  .object({ name: z.string(), arguments: argumentsText.optional(), parameters: argumentsText.optional() })
  .transform(({ name, arguments: given, parameters }) => ({ name, arguments: given ?? parameters ?? '{}' }));
/** As models were taught to write a call, and as the protocol does. */
const writtenCall = z.union([bareCall, z.object({ function: bareCall }).transform((call) => call.function)]);

/**
 * The calls of known tools that stand in the text of a reply, outside thinking: a server that does not know its model's way
 * to call a tool hands it on as text, mostly as `<tool_call>{"name": …, "arguments": …}</tool_call>`.
 */
export function writtenCalls(text: string, names: readonly string[]): readonly ToolCall[] {
  return [...balancedObjects(withoutThinking(text))].flatMap((object, index) => {
    const { data } = writtenCall.safeParse(parseJson(object));
    return data !== undefined && names.includes(data.name) ? [{ id: `call_${index + 1}`, ...data }] : [];
  });
}
