import type { CatalogFunction } from '../catalog.ts';
import type { Parser } from '../parser.ts';
import { findAll } from '../walk/find.ts';
import type { Findings } from '../walk/findings.ts';

/**
 * What the body of a function in SQL holds, where it is nothing but SELECT; null for any other, and for one that is not
 * understood.
 */
export function selectsIn({ source }: CatalogFunction, parser: Parser): readonly Findings[] | null {
  const statements = parser.statements(statementsOf(source));
  if ('problem' in statements) {
    return null;
  }
  const found: Findings[] = [];
  for (const { tag, body } of statements) {
    if (tag !== 'SelectStmt') {
      return null;
    }
    const findings = findAll(tag, body, 'body');
    if (findings.changes.length > 0 || findings.refusals.length > 0) {
      return null;
    }
    found.push(findings);
  }
  return found;
}

/** `BEGIN ATOMIC …; END` as its statements, `RETURN x` as `SELECT x`. */
function statementsOf(source: string): string {
  const text = source.trim();
  const atomic = /^BEGIN ATOMIC\s([\s\S]*)\sEND$/i.exec(text)?.[1];
  return (atomic ?? text).replace(/^\s*RETURN\s/i, 'SELECT ');
}
