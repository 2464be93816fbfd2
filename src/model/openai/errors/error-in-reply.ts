import { z } from 'zod';

const present = z.unknown().refine((value) => value !== null && value !== undefined && value !== false);
const texts = z.union([z.string().min(1), z.array(z.unknown()).min(1), z.record(z.string(), z.unknown())]);
const word = z.union([z.string(), z.number()]);

const messageKey = /^(err(or)?_?)?(msg|message)$/iu;
const codeKey = /^(err(or)?_?)?(code|status|type|status_?code)$/iu;

/** An object of a message and a code that is no success, in any maker's spelling, such as `msg` or `error_code`. */
function bareError(value: unknown): unknown {
  const fields = z.record(z.string(), z.unknown()).safeParse(value).data ?? {};
  const entries = Object.entries(fields);
  const message = entries.find(
    ([name, held]) => messageKey.test(name) && typeof held === 'string' && held,
  )?.[1];
  const code = entries.find(([name, held]) => codeKey.test(name) && isFailure(held))?.[1];
  const { choices = null } = fields;
  return choices !== null || message === undefined || code === undefined
    ? undefined
    : { ...fields, message, code };
}

function isFailure(code: unknown): boolean {
  return word.safeParse(code).success && ![0, 200].includes(Number(code));
}

/** The shapes in which servers and gateways put an error under status 200, and the part of each that has their words. */
const shapes: readonly ((value: unknown) => unknown)[] = [
  // Most; as an object or a text, Anthropic's with a type beside it, Gemini's in a list.
  (value) => z.object({ error: present }).safeParse(value).data,
  (value) =>
    z
      .array(z.object({ error: present }))
      .min(1)
      .safeParse(value).data?.[0],
  // OpenRouter.
  (value) =>
    z.object({ choices: z.array(z.object({ error: present })).min(1) }).safeParse(value).data?.choices[0],
  // GraphQL-like gateways.
  (value) => {
    const found = z.object({ errors: texts }).safeParse(value).data?.errors;
    return found === undefined ? undefined : { error: Array.isArray(found) ? found[0] : found };
  },
  // FastAPI, in front of vLLM and others.
  (value) => z.object({ detail: texts }).safeParse(value).data,
  // vLLM's own and load balancers': an object that names itself an error, or has a code or status and no choice.
  (value) =>
    z
      .object({ object: z.literal('error'), message: z.string() })
      .loose()
      .safeParse(value).data,
  bareError,
  // MiniMax.
  (value) => {
    const found = z
      .object({ base_resp: z.object({ status_code: z.number(), status_msg: z.string() }) })
      .safeParse(value).data?.base_resp;
    return found !== undefined && found.status_code !== 0
      ? { message: found.status_msg, code: found.status_code }
      : undefined;
  },
];

/** The error that a chunk or a whole reply is, for `failureOf` to read; null where it is none. */
export function errorIn(value: unknown): unknown {
  for (const shape of shapes) {
    const found = shape(value);
    if (found !== undefined) {
      return found;
    }
  }
  return null;
}
