import type { CatalogFunction } from '../catalog.ts';

/** What may be in the body of a function. */
export interface BodyWords {
  /** Functions, tables, types and columns, or no names at all. */
  readonly names: readonly string[];
  /** Whether the body may call a function, with parentheses or as `value.name`. */
  mayCall(called: CatalogFunction): boolean;
  readonly operators: readonly string[];
  /** Why the body can't be judged, null where it can. */
  readonly problem: string | null;
}

/** A name as the server's lexer reads it, the dot before it and the parenthesis behind it. */
const word = /(\.\s*)?(?:"((?:[^"]|"")+)"|([A-Za-z_\u0080-\u{10ffff}][\w$\u0080-\u{10ffff}]*))(\s*\()?/gu;
/** The server cuts longer names. */
const nameBytes = 63;
/** Longer ones are no operator that anybody uses, but a line in a comment. */
const operatorLength = 8;

/**
 * Words in a function's body that may be names or operators. The body is read word by word and not understood: what
 * is in a comment or a string counts as well.
 */
export function bodyWords(found: CatalogFunction): BodyWords {
  const { source } = found;
  const names = new Set<string>();
  const called = new Set<string>();
  const attributes = new Set<string>();
  // A comment can stand between a name and its parenthesis.
  const commented = /--|\/\*/.test(source);
  for (const [, dot, quoted, plain = '', parenthesis] of source.matchAll(word)) {
    const written =
      quoted?.replaceAll('""', '"') ?? plain.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    const name = Buffer.byteLength(written) > nameBytes ? cut(written) : written;
    names.add(name);
    if (commented || parenthesis !== undefined) {
      called.add(name);
    }
    if (commented || dot !== undefined) {
      attributes.add(name);
    }
  }
  const operators = new Set<string>();
  for (const [run] of source.matchAll(/[-+*/<>=~!@#%^&|`?]+/g)) {
    for (let start = 0; start < run.length; start++) {
      for (let end = start + 1; end <= Math.min(run.length, start + operatorLength); end++) {
        operators.add(run.slice(start, end));
      }
    }
  }
  const dynamic = found.language === 'plpgsql' && names.has('execute');
  const escaped = /\bu&"/i.test(found.source);
  return {
    names: [...names],
    mayCall: ({ name, fewestArguments, mostArguments }) =>
      called.has(name) || (attributes.has(name) && fewestArguments <= 1 && mostArguments >= 1),
    operators: [...operators],
    problem: dynamic
      ? 'runs SQL that it builds'
      : escaped
        ? 'writes names in a way that is not read here'
        : null,
  };
}

function cut(name: string): string {
  const bytes = Buffer.from(name).subarray(0, nameBytes);
  return new TextDecoder().decode(bytes).replace(/\uFFFD$/, '');
}
