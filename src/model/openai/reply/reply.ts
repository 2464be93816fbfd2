import type { Usage } from '../../model.ts';
import type { ReplyTexts } from '../../reply/parse.ts';

/** A whole reply, however it came. */
export interface Reply extends ReplyTexts {
  /** It went round in circles, and was not read to its end. */
  readonly isEndless: boolean;
  readonly refusal: string;
  /** The server's own word; null where a stream ended without one. */
  readonly finishReason: string | null;
  readonly usage: Usage | null;
}
