import type { CatalogFunction, Lookup } from '../catalog.ts';
import type { GuardContext } from '../context.ts';
import { lookUp } from '../lookup.ts';
import { namesIn } from '../names.ts';
import type { Findings } from '../walk/findings.ts';
import { bodyWords } from './body-words.ts';
import { meantBy } from './meant.ts';
import { selectsIn } from './sql-body.ts';

/** What the body of a function reaches. */
export interface Body {
  /** Everything that its names may mean. */
  readonly inside: Lookup;
  readonly called: readonly CatalogFunction[];
  /** Names that stand in it. */
  readonly names: readonly string[];
}

/**
 * Reads the body of a function; gives why it can't be judged where it can't. With `anySchema` it runs with another search
 * path than the role's own.
 */
export async function bodyOf(
  context: GuardContext,
  written: CatalogFunction,
  anySchema: boolean,
): Promise<Body | string> {
  const source = await context.letters.asServer(written.source);
  if (typeof source !== 'string') {
    return `is not understood: ${source.problem}`;
  }
  const found = { ...written, source };
  const selects = found.language === 'sql' ? selectsIn(found, context.parser) : null;
  if (selects !== null) {
    return bodyOfSelects(context, found, selects, anySchema);
  }
  if (found.volatility === 'v') {
    return 'may change something (it is VOLATILE)';
  }
  return bodyOfWords(context, found);
}

async function bodyOfSelects(
  context: GuardContext,
  found: CatalogFunction,
  selects: readonly Findings[],
  anySchema: boolean,
): Promise<Body> {
  const names = selects.map(namesIn);
  const inside = await lookUp(context, {
    calls: names.flatMap(({ calls }) => calls),
    relations: names.flatMap(({ relations }) => relations),
    operators: names.flatMap(({ operators }) => operators),
    types: names.flatMap(({ types }) => types),
    operatorClasses: [],
    words: [],
    typeIds: [...found.argumentTypes, ...found.resultTypes],
    anySchema,
    assigns: true,
  });
  const called = selects.flatMap((findings) =>
    findings.calls.flatMap((call) => meantBy(call, inside, findings, anySchema ? null : context.searchPath)),
  );
  return { inside, called, names: selects.flatMap(({ relations }) => relations.map(({ name }) => name)) };
}

/** The body is read word by word. */
async function bodyOfWords(context: GuardContext, found: CatalogFunction): Promise<Body | string> {
  const body = bodyWords(found);
  if (body.problem !== null) {
    return body.problem;
  }
  const inside = await lookUp(context, {
    calls: [],
    relations: [],
    types: [],
    operatorClasses: [],
    operators: body.operators.map((name) => ({ name, untyped: 1 })),
    words: body.names,
    typeIds: [...found.argumentTypes, ...found.resultTypes],
    assigns: true,
  });
  return { inside, called: inside.functions.filter(body.mayCall), names: body.names };
}
