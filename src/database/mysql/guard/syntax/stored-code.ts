import type { FunctionCall } from './findings.ts';
import { LexError, lex } from './lex.ts';
import { isName } from './reader.ts';
import type { SqlMode } from './sql-mode.ts';
import { plainWords, types } from './words.ts';

/** Words of stored code that only computes. */
const computing = new Set(
  `BEGIN END DECLARE DEFAULT RETURN SET IF THEN ELSE ELSEIF CASE WHEN WHILE DO LOOP LEAVE ITERATE REPEAT UNTIL`.split(
    ' ',
  ),
);

/** Words with which stored code would reach for more than its arguments. */
const reaching =
  /^(SELECT|INSERT|UPDATE|DELETE|REPLACE|INTO|FROM|CALL|EXECUTE|PREPARE|DEALLOCATE|HANDLER|CURSOR|OPEN|FETCH|TABLE|LOCK|UNLOCK|COMMIT|ROLLBACK|START|GLOBAL|SESSION|CREATE|ALTER|DROP|TRUNCATE|GRANT|REVOKE|LOAD|VALUES|NEXT|PREVIOUS|SIGNAL|RESIGNAL|DIAGNOSTICS)$/;

/** The functions that stored code calls, or why it can't be taken for mere computing. */
export function analyseStoredCode(code: string, mode: SqlMode): readonly FunctionCall[] | string {
  try {
    const tokens = lex(code, mode);
    const calls: FunctionCall[] = [];
    for (const [index, token] of tokens.entries()) {
      if (token.kind === 'system') {
        return `it uses ${token.text}`;
      }
      if (token.kind === 'word' && !token.afterDot && reaching.test(token.key)) {
        return `it says ${token.key}`;
      }
      const next = tokens[index + 1];
      if (!isName(token) || next?.key !== '(') {
        continue;
      }
      if (
        token.kind === 'word' &&
        !token.afterDot &&
        (computing.has(token.key) || plainWords.has(token.key))
      ) {
        continue;
      }
      const isLength = types.has(token.key) && /^\d+$/.test(tokens[index + 2]?.text ?? '');
      if (token.kind === 'word' && isLength) {
        continue;
      }
      const before = tokens[index - 1];
      const database = before?.key === '.' ? (tokens[index - 2]?.text ?? '') : null;
      calls.push({
        database,
        name: token.text,
        loose: token.kind === 'name' || token.end !== next.start,
        hasArguments: tokens[index + 2]?.key !== ')',
      });
    }
    return calls;
  } catch (error) {
    if (error instanceof LexError) {
      return `its code can't be read safely: ${error.message}`;
    }
    throw error;
  }
}
