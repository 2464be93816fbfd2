import { z } from 'zod';
import { type Admission, admitted, type Parameter, type Verdict } from '../../admitted-statement.ts';
import type { HidePatterns } from '../../pattern.ts';
import { withPlaceholders } from '../../placeholders.ts';
import {
  changeVerdict,
  definitionVerdict,
  moreThanOne,
  neverRunReason,
  noStatement,
  syntaxVerdict,
} from '../../statement-words.ts';
import type { Connection } from '../session.ts';

/** What `json_serialize_sql` says of a text. */
const serialized = z.object({
  error: z.boolean(),
  error_message: z.string().optional(),
  statements: z.array(z.object({ node: z.unknown() })).optional(),
});

/** A verdict, and the tables that a statement names. */
export interface DuckAdmission extends Admission {
  readonly tables: readonly string[];
}

/**
 * Judges a statement, and admits it where its kind is one of `kinds`: a single SELECT that DuckDB's own parser reads.
 * Throws a SqlqError `usage` for a value that is no number.
 */
export async function admit(
  connection: Connection,
  sql: string,
  parameters: readonly Parameter[],
  kinds: readonly Verdict['kind'][],
  hidden: HidePatterns,
): Promise<DuckAdmission> {
  const places = Array.from(sql.matchAll(/(?<!:):([A-Za-z_]\w*)/gu), ({ index, 0: text, 1: name = '' }) => ({
    start: index,
    end: index + text.length,
    name,
  }));
  const { text, values } = withPlaceholders(sql, places, parameters, {
    write: (index) => `$${index + 1}`,
    repeats: false,
  });
  const { verdict, tables } = await judge(connection, text, hidden);
  const { kind } = verdict;
  if (kind !== 'read' || !kinds.includes(kind)) {
    return { verdict, statement: null, tables };
  }
  return { verdict, statement: admitted(text, values, kind), tables };
}

async function judge(
  connection: Connection,
  text: string,
  hidden: HidePatterns,
): Promise<{ readonly verdict: Verdict; readonly tables: readonly string[] }> {
  const refused = (reason: string) => ({ verdict: { kind: 'forbidden' as const, reason }, tables: [] });
  if (text.includes('\0')) {
    return refused('The statement holds a NUL.');
  }
  const rows = await connection.rows('SELECT system.main.json_serialize_sql(CAST($1 AS VARCHAR))', [text]);
  const found = serialized.parse(JSON.parse(String(rows[0]?.[0])));
  if (found.error) {
    return { verdict: otherVerdict(text, found.error_message ?? ''), tables: [] };
  }
  const [statement, ...others] = found.statements ?? [];
  if (statement === undefined) {
    return refused(noStatement);
  }
  if (others.length > 0) {
    return refused(moreThanOne);
  }
  if (hidden.isActive && (hidden.mentionedIn(text) || /\*/u.test(text))) {
    return refused('The statement may read a hidden column.');
  }
  const seen = new Set<string>();
  const reason = walk(statement.node, seen);
  return reason === null ? { verdict: { kind: 'read', reason: null }, tables: [...seen] } : refused(reason);
}

/** Refuses what reads anything but tables; collects the tables. */
function walk(node: unknown, tables: Set<string>): string | null {
  if (Array.isArray(node)) {
    return node.map((item) => walk(item, tables)).find((reason) => reason !== null) ?? null;
  }
  if (typeof node !== 'object' || node === null) {
    return null;
  }
  const own = new Map<string, unknown>(Object.entries(node));
  if (own.get('type') === 'TABLE_FUNCTION') {
    return 'The statement reads what a function makes.';
  }
  if (own.get('type') === 'BASE_TABLE') {
    tables.add(String(own.get('table_name')));
  }
  return [...own.values()].map((value) => walk(value, tables)).find((reason) => reason !== null) ?? null;
}

/** Of what is no SELECT the words tell. */
function otherVerdict(text: string, message: string): Verdict {
  const words = text
    .replace(/\/\*[\s\S]*?\*\/|--[^\n]*/gu, ' ')
    .trim()
    .split(/[\s;]+/u)
    .map((word) => word.toUpperCase());
  const [verb = ''] = words;
  if (verb === '') {
    return { kind: 'forbidden', reason: noStatement };
  }
  if (/^(?:INSERT|UPDATE|DELETE)$/u.test(verb)) {
    return changeVerdict(verb, []);
  }
  if (/^(?:CREATE|ALTER|DROP)$/u.test(verb)) {
    return definitionVerdict(words.slice(0, 5));
  }
  const never = neverRunReason(words.slice(0, 5));
  if (never !== null) {
    return { kind: 'forbidden', reason: never };
  }
  const near = /syntax error at or near "(.*?)"/su.exec(message)?.[1] ?? '';
  return syntaxVerdict(text, {
    word: near,
    at: Math.max(0, text.indexOf(near)),
    isFirst: text.trim().startsWith(near),
  });
}
