/** What aggregates are called in words. */
const aggregates: Readonly<Record<string, string>> = {
  count: 'number of',
  sum: 'sum of',
  total: 'sum of',
  avg: 'average',
  min: 'lowest',
  max: 'highest',
};

/** A column's name as people would say it: `count(*)` is the number of rows, `unit_price` the unit price. */
export function readableName(name: string): string {
  const call = /^\s*(count|sum|total|avg|min|max)\s*\(\s*(distinct\s+)?([\w."`]+|\*)\s*\)\s*$/iu.exec(name);
  if (call !== null) {
    const [, kind = '', distinct, argument = ''] = call;
    const words =
      argument === '*' ? 'rows' : readableName(argument.replace(/["`]/gu, '').replace(/^.*\./u, ''));
    return `${aggregates[kind.toLowerCase()] ?? kind} ${distinct === undefined ? '' : 'different '}${words}`;
  }
  return /^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/iu.test(name) ? name.replaceAll('_', ' ') : name;
}

/** A text that begins a heading. */
export function capitalized(text: string): string {
  return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
