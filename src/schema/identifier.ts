import type { Engine } from './schema.ts';

/** Quotes one identifier for an engine, whatever characters it has. */
export function quoteIdentifier(engine: Engine, name: string): string {
  return engine === 'mysql' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`;
}
