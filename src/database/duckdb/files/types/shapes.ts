/** How a text can be written so that it is a value of a type; what fits none of these is a plain text. */
export interface Shape {
  readonly name: ShapeName;
  /** A pattern of RE2 that the whole text has to match. */
  readonly pattern: string;
}

export type ShapeName =
  | 'integer'
  | 'code'
  | 'point'
  | 'point3'
  | 'comma'
  | 'comma3'
  | 'groupedByComma'
  | 'groupedByPoint'
  | 'groupedBySpace'
  | 'groupedBySpace.'
  | 'groupedBySpace,'
  | 'exponent'
  | 'infinity'
  | 'truth'
  | DateShape
  | 'clock'
  | 'missing'
  | 'amount'
  | 'text';

/** The order of a date's parts and what stands between them, perhaps with a time behind it. */
export type DateShape = DateOrder | `${DateOrder} time` | 'iso zone' | 'iso nanoseconds';
export type DateOrder = (typeof dateOrders)[number];

export const dateOrders = ['iso', 'ymd', 'points', 'slashes', 'dashes', 'day month', 'month day'] as const;

const month =
  '(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const time = String.raw`\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?`;
const behindDate = `,?[T ] ?${time}(?: ?[AaPp][Mm])?`;

const dates: Readonly<Record<DateOrder, string>> = {
  iso: String.raw`\d{4}-\d{1,2}-\d{1,2}`,
  ymd: String.raw`\d{4}[/.]\d{1,2}[/.]\d{1,2}`,
  points: String.raw`\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})`,
  slashes: String.raw`\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})`,
  dashes: String.raw`\d{1,2}-\d{1,2}-(?:\d{4}|\d{2})`,
  'day month': String.raw`\d{1,2}[ -]${month}[ -](?:\d{4}|\d{2})`,
  'month day': String.raw`${month} \d{1,2},? \d{4}`,
};

/** What stands before or behind an amount: a currency, or a percent sign. */
export const unit = String.raw`(?:US\$|A\$|C\$|R\$|[€$£¥₹₽₩%‰]|EUR|USD|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|CAD|AUD|NZD|BRL|MXN|ZAR|TRY|kr\.?|zł|Kč|Ft|Fr\.)`;

/** What people and programs write where there is no value, in lower case. */
export const missingWords: readonly string[] = [
  'na',
  'n/a',
  'n.a.',
  '#n/a',
  '<na>',
  'null',
  'none',
  'nil',
  'nan',
  'nat',
  '-',
  '--',
  '---',
  '–',
  '—',
  '?',
  '.',
  String.raw`\n`,
  '(null)',
  'k.a.',
  '#null!',
  '#value!',
  '#div/0!',
  '#ref!',
  '#name?',
];

const groupedBySpace = String.raw`[-+]?[1-9]\d{0,2}(?:[ \x{a0}\x{202f}'’]\d{3})+`;

/** Every shape but plain text. Each text fits one alone, but for an amount, which is what is left with a unit or a sign behind. */
export const shapes: readonly Shape[] = [
  { name: 'integer', pattern: String.raw`-?(?:0|[1-9]\d{0,37})|\+(?:0|[1-9]\d{0,5})` },
  { name: 'code', pattern: String.raw`[-+]?0\d+|\+\d{7,}` },
  {
    name: 'point',
    pattern: String.raw`[-+]?(?:(?:0|[1-9]\d{3,})?\.\d+|[1-9]\d{0,2}\.(?:\d{1,2}|\d{4,})|(?:0|[1-9]\d*)\.)`,
  },
  { name: 'point3', pattern: String.raw`[-+]?[1-9]\d{0,2}\.\d{3}` },
  {
    name: 'comma',
    pattern: String.raw`[-+]?(?:(?:0|[1-9]\d{3,})?,\d+|[1-9]\d{0,2},(?:\d{1,2}|\d{4,}))`,
  },
  { name: 'comma3', pattern: String.raw`[-+]?[1-9]\d{0,2},\d{3}` },
  { name: 'groupedByComma', pattern: String.raw`[-+]?[1-9]\d{0,2}(?:(?:,\d{3})+\.\d*|(?:,\d{3}){2,})` },
  { name: 'groupedByPoint', pattern: String.raw`[-+]?[1-9]\d{0,2}(?:(?:\.\d{3})+,\d*|(?:\.\d{3}){2,})` },
  { name: 'groupedBySpace', pattern: groupedBySpace },
  { name: 'groupedBySpace.', pattern: String.raw`${groupedBySpace}\.\d+` },
  { name: 'groupedBySpace,', pattern: `${groupedBySpace},\\d+` },
  { name: 'exponent', pattern: String.raw`[-+]?(?:\d+(?:\.\d*)?|\.\d+)[eE][-+]?\d{1,3}` },
  { name: 'infinity', pattern: '(?i:[-+]?inf(?:inity)?)' },
  { name: 'truth', pattern: '(?i:true|false)' },
  ...dateOrders.flatMap((name): Shape[] => [
    { name, pattern: dates[name] },
    { name: `${name} time`, pattern: `${dates[name]}${behindDate}` },
  ]),
  {
    name: 'iso nanoseconds',
    pattern: String.raw`\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}\.\d{7,9}`,
  },
  {
    name: 'iso zone',
    pattern: String.raw`\d{4}-\d{2}-\d{2}[T ]${time} ?(?:Z|UTC|[-+]\d{2}(?::?\d{2})?)`,
  },
  { name: 'clock', pattern: String.raw`\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?` },
  {
    name: 'amount',
    pattern: String.raw`\(?[-+]? ?${unit}?[ \x{a0}\x{202f}]?[-+]?[\d.,'’ \x{a0}\x{202f}]*\d[.,]?[-–—]{0,2}[ \x{a0}\x{202f}]?${unit}?\)?-?`,
  },
];

/** Their pattern by name. */
export function patternOf(name: ShapeName): string {
  const found = shapes.find((shape) => shape.name === name);
  if (found === undefined) {
    throw new Error(`there is no shape ${name}`);
  }
  return found.pattern;
}
