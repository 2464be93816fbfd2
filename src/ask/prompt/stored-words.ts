import { isMisspelt } from '../../doubts/values/meant.ts';
import { fold } from '../../doubts/values/nearest-value.ts';
import type { ValueIndex } from '../../model/model.ts';
import type { Schema, Table } from '../../schema/schema.ts';

/** A stored value that words of a question mean. */
export interface StoredWord {
  /** `customers.country` */
  readonly place: string;
  /** As the data spells it. */
  readonly value: string;
}

/** The same, and the table that has it. */
export interface PlacedWord extends StoredWord {
  readonly table: Pick<Table, 'schema' | 'name'>;
}

const mostWords = 6;
const mostShown = 20;
const longestValue = 80;
/** A word this short is any word, unless it is written as the data has it: `US`, and not `us`. */
const shortest = 3;

/**
 * The stored values that words of a question mean: spelt alike but for case, accents and signs, or one slip of the pen away.
 * What no word of the question means is not among them.
 */
export function storedWords(question: string, schema: Schema, index: ValueIndex): readonly PlacedWord[] {
  const words = fold(question).split(' ');
  const runs = new Set(
    words.flatMap((_word, start) =>
      Array.from({ length: mostWords }, (_, length) => words.slice(start, start + length + 1).join(' ')),
    ),
  );
  const runsOf = Map.groupBy(runs, (run) => run.length);
  const isNear = (folded: string): boolean =>
    [-1, 0, 1].some(
      (more) => runsOf.get(folded.length + more)?.some((run) => isMisspelt(run, folded)) === true,
    );
  const exact: PlacedWord[] = [];
  const near: PlacedWord[] = [];
  for (const { schema: owner, name, columns } of schema.tables) {
    for (const column of columns) {
      const place = `${name}.${column.name}`;
      for (const value of index.valuesOf(owner, name, column.name) ?? []) {
        const folded = value.length > longestValue ? '' : fold(value);
        if (folded.length <= shortest && !hasWord(question, value)) {
          continue;
        }
        if (runs.has(folded)) {
          exact.push({ place, table: { schema: owner, name }, value });
        } else if (isNear(folded)) {
          near.push({ place, table: { schema: owner, name }, value });
        }
      }
    }
  }
  return [...exact, ...near].slice(0, mostShown);
}

function hasWord(question: string, value: string): boolean {
  return value !== '' && question.split(/[^\p{L}\p{N}]+/u).includes(value);
}
