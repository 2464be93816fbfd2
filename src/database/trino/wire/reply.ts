import { z } from 'zod';
import { parseExact } from './exact-json.ts';

const typeSignature = z.object({
  rawType: z.string(),
  arguments: z.array(z.object({ kind: z.string(), value: z.unknown() })).default([]),
});

const reply = z.object({
  id: z.string(),
  /** Where the next page is; absent from the last one. */
  nextUri: z.string().optional(),
  columns: z.array(z.object({ name: z.string(), type: z.string(), typeSignature: typeSignature })).nullish(),
  data: z.array(z.array(z.unknown())).nullish(),
  error: z
    .object({
      message: z.string().nullish(),
      errorName: z.string().default(''),
      errorType: z.string().default(''),
    })
    .nullish(),
  warnings: z.array(z.object({ message: z.string(), warningCode: z.object({ name: z.string() }) })).nullish(),
  /** What a statement is that is no query. */
  updateType: z.string().nullish(),
});

/** A page of a result, as Trino's client protocol has it: https://trino.io/docs/current/develop/client-protocol.html */
export type Reply = z.infer<typeof reply>;

export type ReplyColumn = NonNullable<Reply['columns']>[number];

/** A type with those that it is made of. */
export type TypeSignature = z.infer<typeof typeSignature>;

/** What the server said of a statement that failed. */
export type ReplyError = NonNullable<Reply['error']>;

/** Reads a page; null where it is none. Integers that a number can't hold are texts in it. */
export function readReply(text: string): Reply | null {
  try {
    return reply.parse(parseExact(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) {
      return null;
    }
    throw error;
  }
}

const namedField = z.object({
  fieldName: z.object({ name: z.string() }).nullish(),
  typeSignature,
});

/** The types that an array, a map or a row is made of, with the names that the fields of a row have. */
export function partsOf(
  signature: TypeSignature,
): readonly { readonly name: string | null; readonly type: TypeSignature }[] {
  return signature.arguments.flatMap(({ kind, value }) => {
    if (kind === 'NAMED_TYPE') {
      const field = namedField.parse(value);
      return [{ name: field.fieldName?.name ?? null, type: field.typeSignature }];
    }
    return kind === 'TYPE' ? [{ name: null, type: typeSignature.parse(value) }] : [];
  });
}
