import type { Response } from 'undici';
import { z } from 'zod';
import type { ModelServer } from '../../server.ts';
import type { Failure } from './failure.ts';
import { scrub } from './scrub.ts';
import { waitOf } from './wait.ts';

const word = z.union([z.string(), z.number()]).nullish();

const detailSchema = z.object({
  message: z.unknown().optional(),
  type: word,
  code: word,
  status: word,
  param: word,
  n_prompt_tokens: z.number().nullish(),
  n_ctx: z.number().nullish(),
  details: z.array(z.object({ retryDelay: z.string().nullish(), reason: z.string().nullish() })).nullish(),
});

type Detail = z.infer<typeof detailSchema>;

/** FastAPI's own, in front of vLLM and others: the last part of `loc` is the parameter's name. */
const invalidSchema = z.object({
  detail: z.union([
    z.string(),
    z.array(z.object({ msg: z.string(), loc: z.array(z.union([z.string(), z.number()])).optional() })),
  ]),
});

/** Reads the body of a response that is not `ok`. */
export async function readFailure(response: Response, server: ModelServer): Promise<Failure> {
  const moved = response.headers.get('location');
  if (response.status >= 300 && response.status < 400 && moved !== null) {
    const { origin, pathname } = new URL(moved, server.baseUrl);
    return toFailure(
      { message: `it moved to ${origin}${pathname}` },
      response.status,
      response.headers,
      server,
    );
  }
  const body = (await response.text()).slice(0, 20_000);
  return toFailure(parseBody(body), response.status, response.headers, server);
}

/** Reads the `error` of a chunk, or of a whole reply whose status was 200. */
export function failureOf(error: unknown, server: ModelServer): Failure {
  return toFailure(error, null, new Headers(), server);
}

function toFailure(body: unknown, status: number | null, headers: Headers, server: ModelServer): Failure {
  const detail = detailOf(body);
  const message = typeof detail.message === 'string' ? detail.message : JSON.stringify(detail.message ?? '');
  const isHtml = /^\s*<(!doctype|html|head|body)/i.test(message);
  const reasons = (detail.details ?? []).flatMap((entry) => entry.reason ?? []);
  return {
    status: status ?? statusIn(detail),
    message: isHtml ? '' : oneLine(scrub(message.slice(0, 4_000), server)),
    codes: [detail.type, detail.code, detail.status, ...reasons].filter((code) => code != null).join(' '),
    parameter: detail.param == null ? null : String(detail.param),
    promptTokens: detail.n_prompt_tokens ?? null,
    contextSize: detail.n_ctx ?? null,
    waitMilliseconds: waitOf(headers, delayIn(detail), message),
    isHtml,
  };
}

/** Gemini's `retryDelay`. */
function delayIn(detail: Detail): string | null {
  return detail.details?.find((entry) => entry.retryDelay != null)?.retryDelay ?? null;
}

/** An error that comes in the middle of a stream can have the status that was no longer to be had. */
function statusIn({ code }: Detail): number | null {
  const status = Number(code);
  return status >= 400 && status < 600 ? status : null;
}

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Docker Model Runner, proxies and load balancers answer in text or HTML.
    return { message: body };
  }
}

/** `{error: {…}}`, `{error: "…"}`, Gemini's list of them, vLLM's bare object, FastAPI's `detail`, one in another. */
function detailOf(body: unknown): Detail {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  const invalid = invalidSchema.safeParse(first);
  if (invalid.success) {
    const { detail } = invalid.data;
    const sentences =
      typeof detail === 'string' ? [detail] : detail.map(({ msg, loc }) => `${loc?.at(-1) ?? ''}: ${msg}`);
    return { message: sentences.join('; ') };
  }
  const inner = innermost(first);
  const parsed = detailSchema.safeParse(inner);
  return parsed.success && parsed.data.message != null ? parsed.data : { message: inner };
}

const wrapperSchema = z.object({ error: z.unknown().optional(), detail: z.unknown().optional() });

/** The error without what wraps it; gateways wrap the error of the server behind them again. */
function innermost(value: unknown, depth = 0): unknown {
  const wrapper = wrapperSchema.safeParse(Array.isArray(value) ? value[0] : value).data;
  const inner = wrapper?.error ?? wrapper?.detail ?? null;
  const isWrapped =
    (typeof inner === 'string' && inner !== '') || (typeof inner === 'object' && inner !== null);
  return isWrapped && depth < 3 ? innermost(inner, depth + 1) : value;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
