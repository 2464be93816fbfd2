import type { ToolCall } from '../../message.ts';
import type { Usage } from '../../model.ts';
import type { ReplyTexts } from '../../reply/parse.ts';

/** A whole reply, however it came. */
export interface Reply extends ReplyTexts {
  /** It went round in circles, and was not read to its end. */
  readonly isEndless: boolean;
  /** Calls of tools, that of the answer among them. */
  readonly calls: readonly ToolCall[];
  readonly refusal: string;
  /** The server's own word; null where a stream ended without one. */
  readonly finishReason: string | null;
  readonly usage: Usage | null;
}
