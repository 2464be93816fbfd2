/** Words between a verb and the condition that it leads to. */
export const prepositions: ReadonlySet<string> = new Set([
  'by',
  'in',
  'at',
  'on',
  'from',
  'to',
  'with',
  'after',
  'before',
  'during',
  'between',
]);

/** Before the name of a table they ask whether there is such a row. */
export const asksWhether: ReadonlySet<string> = new Set([
  'with',
  'have',
  'has',
  'had',
  'having',
  'without',
  'no',
  'any',
  'a',
  'an',
]);
