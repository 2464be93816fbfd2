import type { SchemaElement } from 'hyparquet-writer';
import type { ResultColumn, Value } from '../../result.ts';
import { valueText } from '../value.ts';
import { decimalOf, digitsOf, mostDigits } from './decimal.ts';
import { daysOf, type Moment, momentOf } from './moment.ts';

/** How Parquet keeps a value. */
export type Stored = string | number | bigint | boolean | Uint8Array;

/** How Parquet keeps a column. */
export interface Shape {
  /** Its type as people know it. */
  readonly word: string;
  readonly element: Omit<SchemaElement, 'name'>;
  /** A value that is not NULL as it is kept, exactly; null where it is of no such type. */
  readonly of: (value: NonNullable<Value>) => Stored | null;
}

const plain = (
  word: string,
  type: NonNullable<SchemaElement['type']>,
  of: Shape['of'],
  rest: Partial<SchemaElement> = {},
): Shape => ({ word, element: { type, repetition_type: 'OPTIONAL', ...rest }, of });

const truth = plain('boolean', 'BOOLEAN', (value) => (typeof value === 'boolean' ? value : null));

const bytes = plain('bytes', 'BYTE_ARRAY', (value) => (value instanceof Uint8Array ? value : null));

/** `texts`: whether a text is a numeral, as some servers send their numbers, and no text that looks like one. */
function integer(texts: boolean): Shape {
  return plain('integer', 'INT64', (value) => {
    const exact = texts || typeof value !== 'string' ? integerOf(value) : null;
    return exact !== null && BigInt.asIntN(64, exact) === exact ? exact : null;
  });
}

/** `texts` as above. */
function double(texts: boolean): Shape {
  return plain('floating-point number', 'DOUBLE', (value) => {
    switch (typeof value) {
      case 'number':
        return value;
      case 'bigint':
        return BigInt(Number(value)) === value ? Number(value) : null;
      case 'string':
        return texts && realText.test(value) ? Number(value) : null;
      default:
        return null;
    }
  });
}

const realText = /^(?:-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|NaN|-?Infinity)$/iu;

const date = plain('date', 'INT32', (value) => (typeof value === 'string' ? daysOf(value) : null), {
  converted_type: 'DATE',
  logical_type: { type: 'DATE' },
});

function text(column: ResultColumn): Shape {
  return plain('text', 'BYTE_ARRAY', (value) => valueText(value, column), {
    converted_type: 'UTF8',
    logical_type: { type: 'STRING' },
  });
}

function decimal(precision: number, scale: number): Shape {
  return plain(
    `decimal(${precision},${scale})`,
    precision > 18 ? 'FIXED_LEN_BYTE_ARRAY' : 'INT64',
    (value) => (value instanceof Uint8Array ? null : decimalOf(String(value), precision, scale)),
    {
      ...(precision > 18 ? { type_length: 16 } : {}),
      converted_type: 'DECIMAL',
      precision,
      scale,
      logical_type: { type: 'DECIMAL', precision, scale },
    },
  );
}

function timestamp(hasZone: boolean, unit: 'MICROS' | 'NANOS'): Shape {
  const perNano = unit === 'NANOS' ? 1n : 1000n;
  return plain(
    hasZone ? 'timestamp with time zone' : 'timestamp',
    'INT64',
    (value) => {
      const moment = typeof value === 'string' ? momentOf(value) : null;
      if (moment === null || moment.hasZone !== hasZone || moment.nanoseconds % perNano !== 0n) {
        return null;
      }
      const count = moment.nanoseconds / perNano;
      return BigInt.asIntN(64, count) === count ? count : null;
    },
    { logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: hasZone, unit } },
  );
}

/** The shape of a column, by what its engine calls it and the values that are known of it. */
export function shapeOf(column: ResultColumn, values: readonly Value[]): Shape {
  const known = values.filter((value) => value !== null);
  const fits = ({ of }: Shape): boolean => known.every((value) => of(value) !== null);
  return candidatesFor(column, known).find(fits) ?? text(column);
}

/** The shapes that a column may have, the likeliest first. */
function candidatesFor({ kind, type }: ResultColumn, known: readonly NonNullable<Value>[]): readonly Shape[] {
  const isNumeral = kind === 'number';
  switch (kind) {
    case 'boolean':
      return [truth];
    case 'bytes':
      return [bytes];
    case 'json':
      return [];
    case 'real':
      return [double(false)];
    case 'any':
      // The values count, and not what the column is called.
      if (known.length > 0 && !known.every((value) => typeof value === 'string')) {
        return [integer(false), double(false), bytes, truth];
      }
      break;
    default:
  }
  if (isDate(type)) {
    return [date];
  }
  if (isTimestamp(type)) {
    return timestampsFor(type, known);
  }
  if (kind === 'text' || (kind === 'any' && known.length > 0)) {
    return [];
  }
  if (isNumeral && /^(?:decimal|numeric)/iu.test(type)) {
    return decimalsFor(type, known);
  }
  const wide = wholeDigits[type.toLowerCase()];
  if (isNumeral && wide !== undefined) {
    return [decimal(wide, 0)];
  }
  if (/^(?:real|float|double)/iu.test(type)) {
    return [double(isNumeral)];
  }
  return isNumeral || /int/iu.test(type) ? [integer(isNumeral), ...decimalsFor('', known)] : [];
}

/** Digits of whole numbers that are longer than 64 bits. */
const wholeDigits: Readonly<Record<string, number>> = { 'bigint unsigned': 20, ubigint: 20, hugeint: 38 };

/** Whether a column holds days. */
export function isDate(type: string): boolean {
  return /^date$/iu.test(type);
}

/** Whether a column holds days with a time. */
export function isTimestamp(type: string): boolean {
  return /^(?:timestamp|datetime)[^[\]]*$/iu.test(type);
}

/** Where nobody says how many digits stand behind the point, and no value shows it. */
const usualScale = 10;

function decimalsFor(type: string, known: readonly NonNullable<Value>[]): readonly Shape[] {
  const [, width, scale] = /^(?:decimal|numeric)\((\d+)(?:, ?(\d+))?\)/iu.exec(type) ?? [];
  if (width !== undefined && Number(width) <= mostDigits) {
    return [decimal(Number(width), Number(scale ?? 0))];
  }
  const most = Math.max(0, ...known.map((value) => digitsOf(String(value))));
  return most > mostDigits ? [] : [decimal(mostDigits, known.length === 0 ? usualScale : most)];
}

function timestampsFor(type: string, known: readonly NonNullable<Value>[]): readonly Shape[] {
  const first = known.find((value) => typeof value === 'string');
  const moment: Moment | null = first === undefined ? null : momentOf(first);
  const hasZone = moment?.hasZone ?? /with time zone|tz/iu.test(type);
  const isFine = /_ns$|\([789]\)/iu.test(type);
  return isFine ? [timestamp(hasZone, 'NANOS')] : [timestamp(hasZone, 'MICROS'), timestamp(hasZone, 'NANOS')];
}

function integerOf(value: NonNullable<Value>): bigint | null {
  if (typeof value === 'bigint') {
    return value;
  }
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? BigInt(value) : null;
  }
  return typeof value === 'string' && /^-?(?:0|[1-9]\d*)$/u.test(value) ? BigInt(value) : null;
}
