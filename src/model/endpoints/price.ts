import type { Usage } from '../model.ts';

/** What a model costs, in dollars for a million tokens. */
export interface Price {
  readonly input: number;
  /** Of the prompt, what the server had in its cache; as the rest of it where left out. */
  readonly cachedInput?: number | undefined;
  readonly output: number;
  /** The day on which it was looked up. */
  readonly date?: string | undefined;
}

/** The price of a server of one's own. */
export const free: Price = { input: 0, output: 0 };

/** What some tokens cost. */
export function dollarsOf(
  price: Price,
  { promptTokens, completionTokens, cachedTokens }: Omit<Usage, 'reasoningTokens'>,
): number {
  const cached = Math.min(promptTokens, cachedTokens ?? 0);
  const { input, cachedInput = input, output } = price;
  return ((promptTokens - cached) * input + cached * cachedInput + completionTokens * output) / 1e6;
}

/** Dollars with cents, and with more digits where cents would say nothing. */
export function money(dollars: number): string {
  if (dollars === 0 || dollars >= 1) {
    return `$${dollars.toFixed(2)}`;
  }
  // Two digits that are not nought, where six places hold none.
  const places = dollars >= 0.01 ? 3 : Math.max(6, Math.min(20, 1 - Math.floor(Math.log10(dollars))));
  return `$${dollars.toFixed(places).replace(/(\.\d{6,}?)0+$/u, '$1')}`;
}
