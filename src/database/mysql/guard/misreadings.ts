import type { Session } from '../session.ts';
import type { Catalog } from './catalog.ts';
import type { Analysis } from './syntax/findings.ts';
import { fold } from './syntax/names.ts';

const texts = /^(?:char|varchar|tinytext|text|mediumtext|longtext)$/i;

/**
 * Where the server would read the statement otherwise than it looks, in whole sentences without data: it would say so
 * itself once the rows are out.
 */
export async function warningsOf(
  { inForce, database }: Session,
  analysis: Analysis,
  catalog: Catalog,
): Promise<readonly string[]> {
  const warnings: string[] = [];
  const { orsText, comparedWithNumber } = analysis.misreadings;
  if (orsText && !inForce.modes.split(',').includes('PIPES_AS_CONCAT')) {
    warnings.push(
      '|| means OR to this server, and a text counts as a number there: join texts with CONCAT().',
    );
  }
  for (const parts of comparedWithNumber) {
    const column = parts.at(-1) ?? '';
    const qualifier = parts.at(-2);
    const types: string[] = [];
    for (const table of analysis.tables) {
      if (
        table.isCommon ||
        (qualifier !== undefined && fold(table.alias ?? table.name) !== fold(qualifier))
      ) {
        continue;
      }
      const columns = await catalog.columnTypes(table.database ?? database, table.name);
      types.push(...columns.filter(([name]) => fold(name) === fold(column)).map(([, type]) => type));
    }
    if (types.length > 0 && types.every((type) => texts.test(type))) {
      warnings.push(
        `${parts.join('.')} is a text and is compared with a number: every text that does not begin with a digit counts as 0. Put the number in quotes.`,
      );
    }
  }
  return [...new Set(warnings)];
}
