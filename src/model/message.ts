/** What is said in a conversation, by whoever; a tool's result names the call that it answers. */
export type Message =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly calls?: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly content: string; readonly callId: string };

/** A tool that a model may call before it answers. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** Its arguments as a JSON Schema. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A call of a tool, as a model writes it. */
export interface ToolCall {
  /** What its result is known by. */
  readonly id: string;
  readonly name: string;
  /** The text of a JSON object, if the model keeps to it. */
  readonly arguments: string;
}

/** What a model may do before it answers. */
export interface Looking {
  readonly tools: readonly ToolDefinition[];
  /** Says so, as part of the question, to a model that is offered them. */
  readonly note: string;
}

/** A conversation without tools: what was called and what that found is said in words, for a server that is offered none. */
export function spoken(messages: readonly Message[]): readonly Message[] {
  return messages.map((message): Message => {
    if (message.role === 'tool') {
      return { role: 'user', content: `It found:\n${message.content}` };
    }
    if (message.role !== 'assistant' || message.calls === undefined) {
      return message;
    }
    const calls = message.calls.map((call) => `I call ${call.name} with ${call.arguments}`);
    return {
      role: 'assistant',
      content: [message.content, ...calls].filter((text) => text !== '').join('\n'),
    };
  });
}
