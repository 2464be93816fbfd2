import type { FunctionCall } from './findings.ts';
import { LexError, lex, type Token } from './lex.ts';
import { asciiUpper } from './names.ts';
import { isName } from './reader.ts';
import type { SqlMode } from './sql-mode.ts';
import { plainWords, types } from './words.ts';

/** Words of stored code that only computes. */
const computing = new Set(
  `BEGIN END DECLARE DEFAULT RETURN SET IF THEN ELSE ELSEIF CASE WHEN WHILE DO LOOP LEAVE ITERATE REPEAT UNTIL`.split(
    ' ',
  ),
);

/** What stored code may begin a statement with, or close a block; KILL, SHUTDOWN, PURGE and others run in functions too. */
const beginning = new Set(
  'BEGIN END DECLARE RETURN SET IF ELSE ELSEIF CASE WHEN WHILE LOOP LEAVE ITERATE REPEAT UNTIL'.split(' '),
);

/** Words with which stored code would reach for more than its arguments. */
const reaching =
  /^(SELECT|INSERT|UPDATE|DELETE|REPLACE|INTO|FROM|CALL|EXECUTE|PREPARE|DEALLOCATE|HANDLER|CURSOR|OPEN|FETCH|TABLE|LOCK|UNLOCK|COMMIT|ROLLBACK|START|GLOBAL|SESSION|CREATE|ALTER|DROP|TRUNCATE|GRANT|REVOKE|LOAD|VALUES|NEXT|PREVIOUS|SIGNAL|RESIGNAL|DIAGNOSTICS)$/;

/** What stored code does that only computes. */
export interface StoredCode {
  readonly calls: readonly FunctionCall[];
  /** Names that it gives values to and does not declare, in capitals: a parameter's, or a variable's of the session. */
  readonly assigned: readonly string[];
}

/** What stored code calls and assigns, or why it can't be taken for mere computing. */
export function analyseStoredCode(code: string, mode: SqlMode): StoredCode | string {
  try {
    const tokens = lex(code, mode);
    const unfit = unfitWord(tokens);
    if (unfit !== null) {
      return unfit;
    }
    const assigned = assignedNames(tokens);
    return typeof assigned === 'string' ? assigned : { calls: callsOf(tokens), assigned };
  } catch (error) {
    if (error instanceof LexError) {
      return `its code can't be read safely: ${error.message}`;
    }
    throw error;
  }
}

function unfitWord(tokens: readonly Token[]): string | null {
  const unfit = tokens.find(
    (token) => token.kind === 'system' || (isKeyword(token) && reaching.test(token.key)),
  );
  return unfit === undefined
    ? null
    : unfit.kind === 'system'
      ? `it uses ${unfit.text}`
      : `it says ${unfit.key}`;
}

/** Names that are assigned out of sight of their DECLARE; or why a statement is none that only computes. */
function assignedNames(tokens: readonly Token[]): readonly string[] | string {
  const scopes: Set<string>[] = [new Set()];
  const assigned = new Set<string>();
  for (const at of statementStarts(tokens)) {
    const token = tokens[at];
    if (token === undefined || !isKeyword(token) || !beginning.has(token.key)) {
      return `it says ${token?.text ?? 'nothing'}`;
    }
    if (token.key === 'BEGIN') {
      scopes.push(new Set());
    } else if (token.key === 'END' && !/^(IF|CASE|WHILE|LOOP|REPEAT)$/.test(tokens[at + 1]?.key ?? '')) {
      scopes.pop();
    } else if (token.key === 'DECLARE') {
      for (let name = at + 1; isName(tokens[name]); name += 2) {
        scopes.at(-1)?.add(asciiUpper(tokens[name]?.text ?? ''));
        if (tokens[name + 1]?.key !== ',') {
          break;
        }
      }
    } else if (token.key === 'SET') {
      for (const place of itemStarts(tokens, at + 1)) {
        const target = tokens[place];
        if (!isName(target) || tokens[place + 1]?.key !== '=') {
          return `it sets ${target?.text ?? 'nothing'}`;
        }
        const name = asciiUpper(target.text);
        if (!scopes.some((scope) => scope.has(name))) {
          assigned.add(name);
        }
      }
    }
  }
  return [...assigned];
}

/** Where statements begin, and the words that go on with or end one that holds others. */
function statementStarts(tokens: readonly Token[]): readonly number[] {
  const starts: number[] = [];
  let expressions = 0;
  let begins = true;
  for (const [at, token] of tokens.entries()) {
    if (begins && isName(token) && tokens[at + 1]?.key === ':') {
      continue;
    }
    const key = isKeyword(token) ? token.key : '';
    if (begins && token.key !== ':') {
      starts.push(at);
    } else if (key === 'CASE' && tokens[at - 1]?.key !== 'END') {
      expressions += 1;
    } else if (key === 'END' && expressions > 0) {
      expressions -= 1;
    }
    begins =
      expressions === 0 &&
      (token.key === ';' ||
        (begins && token.key === ':') ||
        /^(BEGIN|THEN|ELSE|DO|LOOP|REPEAT)$/.test(key)) &&
      !(/^(LOOP|REPEAT)$/.test(key) && tokens[at - 1]?.key === 'END') &&
      !(key === 'REPEAT' && tokens[at + 1]?.key === '(');
  }
  return starts.filter((at) => tokens[at]?.key !== ';');
}

/** The places of the items of a list that goes on until the end of its statement. */
function itemStarts(tokens: readonly Token[], first: number): readonly number[] {
  const starts = [first];
  let depth = 0;
  for (let at = first; at < tokens.length && tokens[at]?.key !== ';'; at += 1) {
    const key = tokens[at]?.key;
    depth += key === '(' ? 1 : key === ')' ? -1 : 0;
    if (key === ',' && depth === 0) {
      starts.push(at + 1);
    }
  }
  return starts;
}

const isKeyword = (token: Token): boolean => token.kind === 'word' && !token.afterDot;

function callsOf(tokens: readonly Token[]): readonly FunctionCall[] {
  const calls: FunctionCall[] = [];
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (!isName(token) || next?.key !== '(') {
      continue;
    }
    if (isKeyword(token) && (computing.has(token.key) || plainWords.has(token.key))) {
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
}
