import { SqlqError } from '../../../../errors.ts';
import type { ShapeCounts } from './count.ts';
import { type Decision, decide, type Evidence, type Kind } from './decide.ts';
import { castReader, type Reader } from './reader.ts';
import { type DateOrder, dateOrders, patternOf } from './shapes.ts';

/** The types that a user can give a column; `dmy`, `mdy` and `ymd` are dates that begin with the day, the month or the year. */
export const typeWords = [
  'text',
  'integer',
  'decimal',
  'real',
  'date',
  'dmy',
  'mdy',
  'ymd',
  'timestamp',
  'time',
  'boolean',
] as const;

export type TypeWord = (typeof typeWords)[number];

/** What a user says of a column: of the one of a table, or of every one of that name. */
export interface ToldType {
  /** In lower case; null for every table. */
  readonly table: string | null;
  /** In lower case. */
  readonly column: string;
  readonly word: TypeWord;
}

/** Reads `orders.price=decimal`. Throws a SqlqError `usage`. */
export function parseTold(text: string): ToldType {
  const equals = text.lastIndexOf('=');
  const place = text.slice(0, Math.max(equals, 0)).trim().toLowerCase();
  const word = typeWords.find(
    (each) =>
      each ===
      text
        .slice(equals + 1)
        .trim()
        .toLowerCase(),
  );
  if (place === '' || word === undefined) {
    throw new SqlqError('usage', `--type takes COLUMN=TYPE or TABLE.COLUMN=TYPE, not "${text}".`, {
      hint: `The types are ${typeWords.join(', ')}.`,
    });
  }
  const point = place.indexOf('.');
  return point < 0
    ? { table: null, column: place, word }
    : { table: place.slice(0, point), column: place.slice(point + 1), word };
}

const yes = ['true', 't', 'yes', 'y', '1', 'on', 'ja', 'j', 'wahr', 'oui', 'si', 'sí', 'x'];
const no = ['false', 'f', 'no', 'n', '0', 'off', 'nein', 'falsch', 'non'];

/** The reader of a type that needs nothing of the values; null where they have a say. */
export function toldReader(word: TypeWord): Reader | null {
  switch (word) {
    case 'text':
      return null;
    case 'boolean': {
      const words = (all: readonly string[]): string => all.map((each) => `'${each}'`).join(', ');
      return {
        type: 'BOOLEAN',
        valueOf: (text) =>
          `CASE WHEN lower(${text}) IN (${words(yes)}) THEN true WHEN lower(${text}) IN (${words(no)}) THEN false END`,
      };
    }
    case 'time':
      return castReader('TIME', patternOf('clock'));
    default:
      return null;
  }
}

/** What a column is where the user says it: in the form that most of its values have. */
export function toldKind(word: TypeWord, shapes: ShapeCounts, found: Decision, evidence: Evidence): Decision {
  const decided = (kind: Kind): Decision => ({ ...found, kind, mostly: null });
  switch (word) {
    case 'text':
    case 'boolean':
    case 'time':
      return decided({ kind: 'text' });
    case 'integer':
    case 'decimal':
    case 'real': {
      const marks = marksOf(shapes, evidence);
      return decided({
        kind: 'number',
        marks: {
          ...marks,
          isGuess: false,
          hasExponent: word === 'real',
          hasFraction: word !== 'integer',
        },
      });
    }
    case 'date':
    case 'dmy':
    case 'mdy':
    case 'ymd':
    case 'timestamp': {
      const order = dateOrders.toSorted((a, b) => datesOf(shapes, b) - datesOf(shapes, a))[0] ?? 'iso';
      const hasTime = word === 'timestamp' || (shapes.counts.get(`${order} time`) ?? 0) > 0;
      return decided({ kind: 'date', order, hasTime });
    }
  }
}

function datesOf({ counts }: ShapeCounts, order: DateOrder): number {
  return (counts.get(order) ?? 0) + (counts.get(`${order} time`) ?? 0);
}

/** The marks of those values that are numbers, leading zeros taken as digits. */
function marksOf(shapes: ShapeCounts, evidence: Evidence) {
  const alone = new Map([...shapes.counts].filter(([shape]) => shape !== 'text' && shape !== 'code'));
  const { kind } = decide({ counts: alone, values: shapes.values }, evidence);
  const { mostly } = decide({ counts: alone, values: shapes.values }, evidence);
  const number = kind.kind === 'number' ? kind : mostly?.kind === 'number' ? mostly : null;
  return (
    number?.marks ?? {
      decimal: evidence ?? '.',
      group: evidence === null ? '' : evidence === ',' ? '.' : ',',
      hasFraction: true,
      hasExponent: false,
      isGuess: false,
    }
  );
}
