import type { Value } from '../../../database.ts';
import { literal, name, type Sql } from '../sql.ts';
import { missingWords, patternOf, type ShapeName, shapes } from './shapes.ts';

/** How many values of a column have which shape. */
export interface ShapeCounts {
  readonly counts: ReadonlyMap<ShapeName, number>;
  /** Values that are no blank. */
  readonly values: number;
}

/** Columns that are counted in one statement: more of them make it long to plan. */
const mostAtOnce = 500;

/** A column's text without blanks around it. */
export function trimmed(column: string): string {
  return `trim(${name(column)}, ' ' || chr(9) || chr(160) || chr(13))`;
}

/** What stands for no value, as SQL: words of `missingWords`. */
export function isMissing(text: string): string {
  return `lower(${text}) IN (${missingWords.map(literal).join(', ')})`;
}

const names: readonly ShapeName[] = [...shapes.map((shape) => shape.name), 'missing', 'text'];

/**
 * Counts the shapes of some texts over a whole relation. `texts` are SQL expressions by column, each without blanks
 * around it.
 */
export async function countShapes(
  sql: Sql,
  relation: string,
  texts: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, ShapeCounts>> {
  const columns = [...texts];
  const found = new Map<string, ShapeCounts>();
  for (let start = 0; start < columns.length; start += mostAtOnce) {
    const some = columns.slice(start, start + mostAtOnce);
    const places = some.map((_, index) => String(index)).join(', ');
    // All columns go through the same patterns: to compile them for each would take longer than to match.
    const cells = `SELECT unnest([${places}]) AS place, unnest([${some.map(([, text]) => text).join(', ')}]) AS value FROM ${relation}`;
    const rows = await sql.rows(
      `SELECT place, to_json(histogram(shape)) FROM (SELECT place, ${shapeNumber('value')} AS shape FROM (${cells})) GROUP BY place`,
    );
    const byPlace = new Map(rows.map(([place, counts]) => [Number(place), counts ?? null]));
    some.forEach(([column], index) => {
      found.set(column, countsOf(byPlace.get(index) ?? null));
    });
  }
  return found;
}

/** The shapes of words. */
const withoutDigits = `${patternOf('truth')}|${patternOf('infinity')}`;

/** The number of the shape of a text among `names`; NULL for a blank one. */
function shapeNumber(text: string): string {
  const cases = shapes.map(
    ({ pattern }, index) => `WHEN regexp_full_match(${text}, ${literal(pattern)}) THEN ${index}`,
  );
  // Words come first: some look like an amount without digits, or like a number that is none.
  const isWord = `length(${text}) < 9 AND ${isMissing(text)}`;
  // Most texts have no digit, and need no closer look.
  const isPlain = `NOT regexp_matches(${text}, '[0-9]') AND NOT regexp_full_match(${text}, ${literal(withoutDigits)})`;
  return `CASE WHEN ${text} IS NULL OR ${text} = '' THEN NULL WHEN ${isWord} THEN ${shapes.length} WHEN ${isPlain} THEN ${shapes.length + 1} ${cases.join(' ')} ELSE ${shapes.length + 1} END`;
}

/** A histogram as JSON: how many by number. */
function countsOf(cell: Value): ShapeCounts {
  const counts = new Map<ShapeName, number>();
  let values = 0;
  const histogram: Readonly<Record<string, number>> = cell === null ? {} : JSON.parse(String(cell));
  for (const [number, count] of Object.entries(histogram)) {
    const shape = names[Number(number)];
    if (shape !== undefined) {
      counts.set(shape, count);
      values += count;
    }
  }
  return { counts, values };
}
