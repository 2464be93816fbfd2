/** How questions are shared out. */
export const strategies = ['round-robin', 'least-busy', 'fastest', 'sticky'] as const;

export type Strategy = (typeof strategies)[number];
