import { createHash } from 'node:crypto';
import { escapeText } from '../render/escape.ts';
import type { Prompts } from '../terminal/prompt.ts';

/** The user has to be asked before a call can go on. */
export class ConsentNeeded extends Error {
  /** All that they are asked, with what was said before. */
  readonly question: string;

  constructor(question: string) {
    super('the user has not been asked yet');
    this.question = question;
  }

  /** What the question is known by. */
  get digest(): string {
    return digestOf(this.question);
  }
}

/**
 * Questions to a user whom only the caller can ask. A call can't wait for the answer: it ends with what has to be asked, rolls
 * back what it has begun, and is made again with the answer. Yes counts for exactly the text that was agreed to: where other
 * rows would change by then, it is another text, and asked anew.
 */
export function consentPrompts(said: () => readonly string[], agreed: ReadonlySet<string>): Prompts {
  const nobody = (): never => {
    throw new Error('a caller is asked yes or no alone');
  };
  return {
    select: async () => nobody(),
    input: async () => nobody(),
    async confirm(message) {
      // Nobody agrees to SQL that looks otherwise than it is.
      const question = escapeText([...said(), message].join('\n'));
      if (agreed.has(digestOf(question))) {
        return true;
      }
      throw new ConsentNeeded(question);
    },
  };
}

/** A text's digest, to know it again by. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
