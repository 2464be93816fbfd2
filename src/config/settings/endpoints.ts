import type { BudgetAmount } from '../../model/endpoints/budget.ts';
import type { Price } from '../../model/endpoints/price.ts';
import { type Kind, text, textsByName, wholeNumber, type Zod } from './kind.ts';
import { type Field, field } from './setting.ts';

/** A server of a profile's `endpoints`, as a file says it; absent means not set. */
export interface EndpointSettings {
  readonly url: string;
  readonly weight?: number | undefined;
  readonly model?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly contextSize?: number | undefined;
  readonly requestsAtOnce?: number | undefined;
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
}

/** The keys of an endpoint besides its `url`. */
export const endpointFields = {
  weight: field(wholeNumber(1, 1_000), 'its share of the questions, next to those of the others', 2),
  model: field(text, "the model's name there, where it is not the profile's", 'qwen2.5-coder-32b-awq'),
  apiKey: field(text, 'its key, as apiKey of a profile; it goes nowhere else', '${SECOND_API_KEY}'),
  headers: field(textsByName, 'further HTTP headers of each request to it', { 'X-Team': 'data' }),
  contextSize: field(wholeNumber(1), 'its window in tokens, where it does not tell it', 32_768),
  requestsAtOnce: field(wholeNumber(1), 'so many requests at once, and no more', 4),
  requestsPerMinute: field(wholeNumber(1), 'so many requests within a minute, and no more', 60),
  tokensPerMinute: field(wholeNumber(1), 'so many tokens within a minute, and no more', 200_000),
};

/** Servers that share a profile's questions. */
export const endpoints: Kind<readonly (string | EndpointSettings)[]> = {
  wanted: 'addresses, or objects with a url',
  read: () => null,
  schema(zod) {
    const { string, array, union, strictObject } = zod;
    const optional = <Value>({ kind }: Field<Value>) => kind.schema(zod).optional();
    const written = strictObject({
      url: string().min(1),
      weight: optional(endpointFields.weight),
      model: optional(endpointFields.model),
      apiKey: optional(endpointFields.apiKey),
      headers: optional(endpointFields.headers),
      contextSize: optional(endpointFields.contextSize),
      requestsAtOnce: optional(endpointFields.requestsAtOnce),
      requestsPerMinute: optional(endpointFields.requestsPerMinute),
      tokensPerMinute: optional(endpointFields.tokensPerMinute),
    });
    return array(union([string().min(1), written], 'expected an address, or an object with a url')).min(1);
  },
  write: (value) => JSON.stringify(value),
};

/** What models cost, by name. */
export const prices: Kind<Readonly<Record<string, Price>>> = {
  wanted: 'prices by model',
  read: () => null,
  schema: ({ record, string, strictObject, number }: Zod) =>
    record(
      string().min(1),
      strictObject({
        input: number().min(0),
        cachedInput: number().min(0).optional(),
        output: number().min(0),
        date: string()
          .regex(/^\d{4}-\d{2}-\d{2}$/u, 'it has to be a day such as 2026-03-01')
          .optional(),
      }),
    ),
  write: (value) => JSON.stringify(value),
};

/** Tokens, dollars, or both. */
export const budget: Kind<BudgetAmount> = {
  wanted: 'an amount such as "50000 tokens", "$2.50" or "50000 tokens, $2.50"',
  read: parseBudget,
  schema: (zod) => {
    const amount = zod.number().positive().nullable().default(null);
    const written = zod.string().transform((value, context) => {
      const parsed = parseBudget(value);
      if (parsed !== null) {
        return parsed;
      }
      const message = 'it has to be an amount such as "50000 tokens" or "$2.50"';
      context.issues.push({ code: 'custom', message, input: value });
      return zod.NEVER;
    });
    return zod.union([written, zod.strictObject({ tokens: amount, dollars: amount })]);
  },
  write: ({ tokens, dollars }) =>
    [...(tokens === null ? [] : [`${tokens} tokens`]), ...(dollars === null ? [] : [`$${dollars}`])].join(
      ', ',
    ),
};

/** `50000 tokens`, `50k tokens`, `$2.50`, `2.50 USD`, one of each with a comma between; null where it is none. */
export function parseBudget(given: string): BudgetAmount | null {
  let tokens: number | null = null;
  let dollars: number | null = null;
  for (const part of given.split(/,(?=\s|\$|[^\d])/u).map((one) => one.trim())) {
    const [, count, factor = ''] = /^(\d[\d_]*(?:\.\d+)?)\s*([km]?)\s*tokens?$/iu.exec(part) ?? [];
    const [, before, after] = /^(?:\$\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*(?:USD|\$))$/iu.exec(part) ?? [];
    const money = before ?? after;
    if (count !== undefined && tokens === null) {
      const times = { k: 1e3, m: 1e6 }[factor.toLowerCase()] ?? 1;
      tokens = Math.round(Number(count.replaceAll('_', '')) * times);
    } else if (money !== undefined && dollars === null) {
      dollars = Number(money);
    } else {
      return null;
    }
  }
  const isSome = (amount: number | null): boolean =>
    amount === null || (amount > 0 && Number.isFinite(amount));
  return isSome(tokens) && isSome(dollars) ? { tokens, dollars } : null;
}
