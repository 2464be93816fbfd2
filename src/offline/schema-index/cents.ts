import type { IndexedColumn } from './schema-index.ts';

const hundredths =
  /^(?:cents?|pence|penny|pennies|centimes?|centimos?|céntimos?|centavos?|rappen|øre|öre|grosz|groszy|haléř|minor)$/iu;

/** Whether a column holds money in hundredths: `amount_pence` of pounds. */
export const isInCents = ({ words }: Pick<IndexedColumn, 'words'>): boolean =>
  words.some((word) => hundredths.test(word));
