/** A way to write a date, as people name it: `DD.MM.YYYY`. */
interface DateForm {
  readonly pattern: string;
  readonly expression: RegExp;
}

const day = '(?:0?[1-9]|[12]\\d|3[01])';
const month = '(?:0?[1-9]|1[0-2])';
const year = '(?:1[5-9]|20|21)\\d{2}';
const named = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';
const time = '\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?';
const zone = '(?:Z|[+-]\\d{2}:?\\d{2})';

/** The date alone and with a time, in each order and with each mark that is in use. */
const forms: readonly DateForm[] = [
  ['YYYY-MM-DD', `${year}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])`],
  ['YYYY/MM/DD', `${year}/${month}/${day}`],
  ['YYYY.MM.DD', `${year}\\.${month}\\.${day}`],
  ['DD.MM.YYYY', `${day}\\.${month}\\.${year}`],
  ['DD-MM-YYYY', `${day}-${month}-${year}`],
  ['MM-DD-YYYY', `${month}-${day}-${year}`],
  ['DD/MM/YYYY', `${day}/${month}/${year}`],
  ['MM/DD/YYYY', `${month}/${day}/${year}`],
  ['DD/MM/YY', `${day}/${month}/\\d{2}`],
  ['MM/DD/YY', `${month}/${day}/\\d{2}`],
  ['DD Mon YYYY', `${day}[ -]${named}[ -]${year}`],
  ['Mon DD, YYYY', `${named} ${day},? ${year}`],
  ['YYYYMMDD', `${year}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])`],
  ['YYYY-MM', `${year}-(?:0[1-9]|1[0-2])`],
  ['MM/YYYY', `${month}/${year}`],
].flatMap(([pattern = '', source = '']) => [
  { pattern, expression: new RegExp(`^${source}$`, 'iu') },
  { pattern: `${pattern} HH:MM`, expression: new RegExp(`^${source}[ T]${time}$`, 'iu') },
  { pattern: `${pattern}THH:MM:SSZ`, expression: new RegExp(`^${source}[ T]${time} ?${zone}$`, 'iu') },
]);

/**
 * How all of some texts are written as dates; null where they are none. Where days never pass 12, nobody can tell days
 * from months, and both patterns are named.
 */
export function datePattern(values: readonly string[]): string | null {
  const fitting = forms.filter(({ expression }) => values.every((value) => expression.test(value)));
  return fitting.length === 0
    ? null
    : fitting
        .map(({ pattern }) => pattern)
        .slice(0, 2)
        .join(' or ');
}
