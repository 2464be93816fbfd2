import type { Catalog } from '../guard/catalog.ts';
import type { Analysis } from '../guard/syntax/findings.ts';

/** What a change of the schema does for good, in a sentence: the server commits it by itself. */
export async function whatGoes(analysis: Analysis, current: string, catalog: Catalog): Promise<string> {
  const { verb, targets, drops } = analysis;
  const replaces = verb === 'CREATE' && analysis.names.has('replace');
  const named: string[] = [];
  for (const { database, name } of targets) {
    const facts = await catalog.table(database ?? current, name);
    const shown = database === null || database === current ? name : `${database}.${name}`;
    if (facts === null) {
      continue;
    }
    if (facts.view !== null) {
      named.push(`the view ${shown}`);
    } else {
      named.push(
        verb === 'ALTER' || facts.rows === null
          ? shown
          : `${shown} (about ${facts.rows} ${facts.rows === 1 ? 'row' : 'rows'})`,
      );
    }
  }
  const list = [...new Set(named)].join(', ');
  const parts = drops.length === 0 ? '' : ` It drops ${drops.join(', ')}.`;
  const deed =
    list === ''
      ? ''
      : verb === 'DROP' || replaces
        ? `It removes ${list}. `
        : verb === 'TRUNCATE'
          ? `It removes all rows of ${list}. `
          : `It changes ${list}.${parts} `;
  return `${deed}The server commits ${verb} by itself: it can not be taken back.`;
}
