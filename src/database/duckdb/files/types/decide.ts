import type { ShapeCounts } from './count.ts';
import { type DateOrder, dateOrders, type ShapeName } from './shapes.ts';

/** What the values of a column are, by their shapes. */
export type Kind =
  | { readonly kind: 'number'; readonly marks: Marks }
  | { readonly kind: 'date'; readonly order: DateOrder; readonly hasTime: boolean }
  | { readonly kind: 'instant' }
  | { readonly kind: 'nanoseconds' }
  | { readonly kind: 'clock' }
  | { readonly kind: 'truth' }
  | { readonly kind: 'text' };

/** How the numbers of a column are written. */
export interface Marks {
  readonly decimal: '.' | ',';
  /** What stands between thousands; '' where nothing does. */
  readonly group: '' | ',' | '.' | ' ';
  readonly hasFraction: boolean;
  readonly hasExponent: boolean;
  /** All that tells a decimal mark from one of thousands is lacking, such as in 1.234. */
  readonly isGuess: boolean;
}

export interface Decision {
  readonly kind: Kind;
  /** How many values are of that kind, and how many are words for none. */
  readonly typed: number;
  readonly missing: number;
  /** What most of the values are although the column has to stay text. */
  readonly mostly: Exclude<Kind, { readonly kind: 'text' }> | null;
}

/** The decimal mark that other columns of the same file prove. */
export type Evidence = '.' | ',' | null;

/** From which part of the values on a column is said to be of a kind although some values are none. */
const mostPart = 0.8;

const numberShapes: readonly ShapeName[] = [
  'integer',
  'point',
  'point3',
  'comma',
  'comma3',
  'groupedByComma',
  'groupedByPoint',
  'groupedBySpace',
  'groupedBySpace.',
  'groupedBySpace,',
  'exponent',
  'infinity',
];

/** The decimal mark that some columns prove together; null where they prove none, or both. */
export function evidenceOf(columns: Iterable<ShapeCounts>): Evidence {
  let points = 0;
  let commas = 0;
  for (const { counts, values } of columns) {
    const of = (...names: ShapeName[]): number =>
      names.reduce((sum, each) => sum + (counts.get(each) ?? 0), 0);
    if (of(...numberShapes) + of('missing') < values * mostPart) {
      continue;
    }
    points += of('point', 'groupedByComma', 'groupedBySpace.');
    commas += of('comma', 'groupedByPoint', 'groupedBySpace,');
  }
  return points > 0 === commas > 0 ? null : points > 0 ? '.' : ',';
}

/** What a column is by the shapes of its values; `usual` is the decimal mark that such a file has where nothing proves one. */
export function decide(
  { counts, values }: ShapeCounts,
  evidence: Evidence,
  usual: Evidence = null,
): Decision {
  const of = (shape: ShapeName): number => counts.get(shape) ?? 0;
  const sum = (names: readonly ShapeName[]): number => names.reduce((total, each) => total + of(each), 0);
  const missing = of('missing');
  const known = values - missing;
  const candidates: { readonly kind: Exclude<Kind, { kind: 'text' }>; readonly typed: number }[] = [
    { kind: { kind: 'truth' }, typed: of('truth') },
    { kind: { kind: 'clock' }, typed: of('clock') },
    ...(of('iso nanoseconds') > 0
      ? [{ kind: { kind: 'nanoseconds' } as const, typed: sum(['iso', 'iso time', 'iso nanoseconds']) }]
      : []),
    { kind: { kind: 'instant' }, typed: of('iso zone') },
    ...dateOrders.map((order) => ({
      kind: { kind: 'date', order, hasTime: of(`${order} time`) > 0 } as const,
      typed: of(order) + of(`${order} time`),
    })),
  ];
  const marks = marksOf(of, evidence, usual);
  if (marks !== null) {
    candidates.push({ kind: { kind: 'number', marks }, typed: sum(numberShapes) });
  }
  const [best] = candidates.toSorted((a, b) => b.typed - a.typed);
  if (best === undefined || best.typed === 0) {
    return { kind: { kind: 'text' }, typed: 0, missing, mostly: null };
  }
  if (best.typed === known) {
    return { kind: best.kind, typed: best.typed, missing, mostly: null };
  }
  // Digits with a zero before them are numbers of houses, telephones and parts: nobody takes their column for numbers.
  const others = known - best.typed - (best.kind.kind === 'number' ? of('code') : 0);
  const isMost = others > 0 && of('code') === 0 && best.typed >= known * mostPart && best.typed > 2;
  return { kind: { kind: 'text' }, typed: best.typed, missing, mostly: isMost ? best.kind : null };
}

/** Whether values are numbers for the most part, and no decimal mark reads them all. */
export function hasBothMarks({ counts, values }: ShapeCounts): boolean {
  const of = (shape: ShapeName): number => counts.get(shape) ?? 0;
  const numbers = numberShapes.reduce((total, each) => total + of(each), 0);
  return numbers > 1 && numbers >= (values - of('missing')) * mostPart && marksOf(of, null, null) === null;
}

/** What a column is whose file tells texts from numbers and truths: its texts can be dates. */
export function decideText(shapes: ShapeCounts, evidence: Evidence): Decision {
  const decision = decide(shapes, evidence);
  const isPlain = ({ kind }: Kind): boolean => kind === 'number' || kind === 'truth';
  return isPlain(decision.kind) || (decision.mostly !== null && isPlain(decision.mostly))
    ? { ...decision, kind: { kind: 'text' }, mostly: null }
    : decision;
}

/** How numbers are written; null where their marks contradict each other. */
function marksOf(of: (shape: ShapeName) => number, evidence: Evidence, usual: Evidence): Marks | null {
  const hasExponent = of('exponent') + of('infinity') > 0;
  const points = of('point') + of('groupedByComma') + of('groupedBySpace.');
  const commas = of('comma') + of('groupedByPoint') + of('groupedBySpace,');
  const spaced = of('groupedBySpace') + of('groupedBySpace.') + of('groupedBySpace,') > 0;
  if (points > 0 && commas > 0) {
    return null;
  }
  const threes = of('point3') + of('comma3') > 0;
  if (points === 0 && commas === 0) {
    if (of('point3') > 0 && of('comma3') > 0) {
      return null;
    }
    if (!threes) {
      return {
        decimal: evidence ?? '.',
        group: spaced ? ' ' : '',
        hasFraction: false,
        hasExponent,
        isGuess: false,
      };
    }
    // 1.234 or 1,234: what the rest of the file does decides, else what is usual in such a file, else a point is decimal.
    const mark = of('point3') > 0 ? '.' : ',';
    const isDecimal = (evidence ?? usual ?? '.') === mark;
    return {
      decimal: isDecimal ? mark : mark === '.' ? ',' : '.',
      group: isDecimal ? '' : mark,
      hasFraction: isDecimal,
      hasExponent,
      isGuess: evidence === null,
    };
  }
  const decimal = points > 0 ? '.' : ',';
  const other = decimal === '.' ? of('comma3') + of('groupedByComma') : of('point3') + of('groupedByPoint');
  const group = other > 0 ? (decimal === '.' ? ',' : '.') : spaced ? ' ' : '';
  return { decimal, group, hasFraction: true, hasExponent, isGuess: false };
}
