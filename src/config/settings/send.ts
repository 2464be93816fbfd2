import { SqlqError } from '../../errors.ts';

/**
 * What may leave for a model besides names, types, enum labels and keys. `profiles` are facts of how a column's values are
 * written and how many there are, and none of them; `values` are stored values that
 * words of the question mean; `samples` are values and rows.
 */
export const sendKinds = ['comments', 'profiles', 'defaults', 'values', 'samples', 'rows'] as const;

export type SendKind = (typeof sendKinds)[number];

/** `comments,samples`, or `none`, as a list. Throws a SqlqError `usage` for a kind that there is not. */
export function parseSend(text: string): readonly SendKind[] {
  if (text.trim() === 'none') {
    return [];
  }
  return text.split(',').map((part) => {
    const kind = sendKinds.find((name) => name === part.trim());
    if (kind !== undefined) {
      return kind;
    }
    throw new SqlqError('usage', `"${part.trim()}" is nothing that can be sent.`, {
      hint: `Send ${sendKinds.join(', ')}, or none.`,
    });
  });
}
