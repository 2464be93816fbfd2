import * as z from 'zod';

/** A word of a text, or a whole text, that may stand where dbt wants one. */
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const values = z.array(scalar);

/** The arguments of a test: right under its name, or under `arguments` since dbt 1.10. */
const testArguments = z.looseObject({
  values: values.optional().catch(undefined),
  to: z.string().optional().catch(undefined),
  field: z.string().optional().catch(undefined),
});

const mostValues = 40;

/** What a test of a column says of it in words; null where that is nothing a reader needs. */
export function factOf(name: string, given: unknown): string | null {
  const outer = testArguments.safeParse(given).data;
  const inner = testArguments.safeParse(outer?.['arguments']).data;
  const { values: accepted, to, field } = { ...outer, ...inner };
  const plain = name.split('.').at(-1) ?? name;
  if (plain === 'accepted_values' && accepted !== undefined && accepted.length > 0) {
    const shown = accepted.slice(0, mostValues).map((value) => `'${value}'`);
    return `one of ${shown.join(', ')}${accepted.length > mostValues ? ' and others' : ''}`;
  }
  if (plain === 'relationships' && to !== undefined) {
    return `refers to ${refOf(to)}${field === undefined ? '' : `.${field}`}`;
  }
  return null;
}

/** The facts of a column's tests as `schema.yml` has them: names, or a name with its arguments. */
export function factsOfTests(tests: readonly unknown[]): readonly string[] {
  return tests.flatMap((test) => {
    if (typeof test !== 'object' || test === null) {
      return [];
    }
    return Object.entries(test).flatMap(([name, given]) => factOf(name, given) ?? []);
  });
}

/** `orders` of `ref('orders')`, `{{ ref('shop', 'orders') }}` or `source('raw', 'orders')`. */
export function refOf(text: string): string {
  return /(?:ref|source)\s*\(\s*(?:['"][^'"]*['"]\s*,\s*)?['"]([^'"]+)['"]/u.exec(text)?.[1] ?? text.trim();
}
