import { SqlqError } from '../../../errors.ts';
import type { ServerWarning } from '../../database.ts';
import type { Session } from '../session.ts';

/**
 * Warnings with which the server says that the rows are not all or not whole: a recursion or GROUP_CONCAT that was cut,
 * a text that was longer than max_allowed_packet.
 */
const incomplete = new Set(['1260', '1301', '1931']);

/** Warnings that say nothing of the rows: what is deprecated, and what is the parser's own affair. */
const aside = new Set(['1287', '1681', '3719', '3778', '3720']);

/**
 * What the server warned of while it made the rows, the like together. Throws a SqlqError `limit` where it cut them.
 * `count` is how many it says there were; it keeps the first of them.
 */
export async function readWarnings(session: Session, count: number): Promise<readonly ServerWarning[]> {
  const listed = await session.rows('SHOW WARNINGS LIMIT 100');
  const cut = listed.find(([, code]) => incomplete.has(code ?? ''));
  if (cut) {
    throw new SqlqError('limit', `The server cut the result: ${cut[2]}`, {
      hint: 'Ask for less in one value, or for fewer rounds of the recursion.',
    });
  }
  const found = new Map<string, { code: string; message: string; count: number }>();
  for (const [level, code, message] of listed) {
    if (!code || level === 'Note' || aside.has(code)) {
      continue;
    }
    const same = found.get(code);
    if (same === undefined) {
      found.set(code, { code, message: message ?? '', count: 1 });
    } else {
      same.count += 1;
    }
  }
  // What the server counted and did not keep is of the last kind, or of none that is known.
  const unlisted = count - listed.length;
  const last = [...found.values()].at(-1);
  if (unlisted > 0 && last !== undefined) {
    last.count += unlisted;
  } else if (unlisted > 0 && listed.length === 0) {
    return [
      { code: '', message: 'The server warned and did not keep of what (max_error_count is 0).', count },
    ];
  }
  return [...found.values()];
}
