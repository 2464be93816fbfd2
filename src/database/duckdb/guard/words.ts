import type { Verdict } from '../../admitted-statement.ts';
import { syntaxVerdict, unclosedVerdict } from '../../statement-words.ts';
import type { Unparsed } from './syntax/parser.ts';

const session = 'changes the session, and with it its protection';

/** What is said of a statement of DuckDB alone that never runs; null where the words begin none. */
export function neverRunHere(words: readonly string[]): string | null {
  const deeds: readonly (readonly [RegExp, string, string])[] = [
    [/^PRAGMA /, 'PRAGMA', session],
    [/^EXPORT /, 'EXPORT', 'writes a copy of a database to files'],
    [/^IMPORT /, 'IMPORT', 'runs the statements of a file'],
    [/^UPDATE EXTENSIONS /, 'UPDATE EXTENSIONS', 'brings in code'],
    [/^FORCE /, 'FORCE', 'brings in code, or acts on the database itself'],
    [
      /^(CREATE|DROP) (OR REPLACE )?(PERSISTENT |TEMPORARY |TEMP )?SECRET /,
      'SECRET',
      'keeps what opens other places',
    ],
    [/^CREATE (OR REPLACE )?(TEMP |TEMPORARY )?(MACRO|FUNCTION) /, 'CREATE MACRO', 'brings in code'],
    [/^DROP (MACRO|FUNCTION) /, 'DROP MACRO', 'deletes code'],
  ];
  const text = `${words.join(' ')} `;
  const found = deeds.find(([pattern]) => pattern.test(text));
  return found === undefined ? null : `${found[1]} ${found[2]}.`;
}

/** What is said of text that DuckDB's parser does not take. */
export function verdictOnSyntax(sql: string, { problem, position }: Unparsed): Verdict {
  const unclosed = /^unterminated .*?(comment)?(?: at|$)/u.exec(problem);
  if (unclosed !== null) {
    return unclosedVerdict(unclosed[1] === undefined ? 'quote' : 'comment');
  }
  if (position === null) {
    return { kind: 'syntax', reason: `Syntax error: ${problem}.` };
  }
  const at = Buffer.from(sql).subarray(0, position).toString().length;
  const word = / at or near "([\s\S]*)"$/.exec(problem)?.[1] ?? '';
  const colon = /^:[\p{L}_][\p{L}\p{N}_]*/u.exec(sql.slice(at));
  if (colon !== null) {
    return forbidden(`a parameter (${colon[0]}) has no value here`);
  }
  return syntaxVerdict(sql, { word, at, isFirst: sql.slice(0, at).trim() === '' });
}

/** A verdict by a reason of the rules, which become a sentence. */
export function forbidden(reason: string): Verdict {
  // Names stay as they are written; our own words begin a sentence.
  const sentence = /^(?:it|a|the|there|what) /.test(reason)
    ? `${reason[0]?.toUpperCase()}${reason.slice(1)}`
    : reason;
  return { kind: 'forbidden', reason: sentence.endsWith('.') ? sentence : `${sentence}.` };
}
