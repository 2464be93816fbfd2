import harmless from '../data/harmless.json' with { type: 'json' };

const beforeOut: ReadonlySet<string> = new Set(harmless.beforeOut);

/** Whether `out` belongs to the verb before it, `came out`; by itself it tells what is lent. */
export const isParticle = (tokens: readonly { readonly lower: string }[], index: number): boolean =>
  tokens[index]?.lower === 'out' && beforeOut.has(tokens[index - 1]?.lower ?? '');
