import type { CatalogFunction, CatalogOperator, Lookup, Names } from './catalog.ts';
import type { Argument, Call } from './walk/findings.ts';

/** Ids of users' own objects begin here (FirstNormalObjectId). */
const firstOfUsers = 16_384;

/**
 * Leaves out what can't be meant because a type that it takes is not to be had: an extension brings operators and
 * functions of common names for types of its own, and a statement that never meets such a type never calls them.
 */
export function withoutAbsent(found: Lookup, names: Names): Lookup {
  const types = new Map(found.types.map((type) => [type.id, type]));
  const present = new Set<number>();
  const add = (id: number): void => {
    if (id < firstOfUsers || present.has(id)) {
      return;
    }
    present.add(id);
    const type = types.get(id);
    for (const part of [type?.array ?? 0, ...(type?.inner ?? [])]) {
      add(part);
    }
  };
  const isThere = (id: number): boolean => id < firstOfUsers || present.has(id);
  for (const { id, occurs } of found.types) {
    if (occurs) {
      add(id);
    }
  }
  const mayCall = (candidate: CatalogFunction): boolean =>
    names.words.length > 0 ||
    names.calls.some((call) => call.name === candidate.name && fits(candidate, call, found, isThere));
  for (let before = -1; before !== present.size; ) {
    before = present.size;
    for (const { context, from, to } of found.casts) {
      if ((context === 'i' || (context === 'a' && names.assigns)) && isThere(from)) {
        add(to);
      }
    }
    // A literal that it is given becomes of the type that it takes.
    for (const candidate of found.functions) {
      if (mayCall(candidate)) {
        for (const id of [...candidate.argumentTypes, ...candidate.resultTypes]) {
          add(id);
        }
      }
    }
    for (const operator of found.operators) {
      if (mayUse(operator, names, isThere)) {
        for (const id of [operator.left, operator.right, operator.result]) {
          add(id);
        }
      }
    }
  }
  return {
    ...found,
    functions: found.functions.filter((candidate) => candidate.id < firstOfUsers || mayCall(candidate)),
    operators: found.operators.filter((operator) => mayUse(operator, names, isThere)),
    casts: found.casts.filter(({ from }) => isThere(from)),
    domains: found.domains.filter(({ type }) => isThere(type)),
    unseen: found.unseen.filter(({ type }) => isThere(type)),
  };
}

/** A literal is taken for whatever type a function takes; all else has a type of its own, and no number is a text. */
function fits(
  { argumentTypes }: CatalogFunction,
  call: Call,
  found: Lookup,
  isThere: (id: number) => boolean,
): boolean {
  return argumentTypes.every((type, place) => {
    const argument = call.arguments?.[place];
    if (argument === undefined || argument === 'untyped') {
      return true;
    }
    return isThere(type) && !(texts.has(type) && isNumber(argument, found));
  });
}

/** `name`, `text`, `bpchar`, `varchar` */
const texts = new Set([19, 25, 1042, 1043]);
/** `int8`, `int2`, `int4`, `float4`, `float8`, `numeric` */
const numbers = new Set([20, 21, 23, 700, 701, 1700]);

/** Unless somebody made a cast of numbers that the server makes without being asked. */
function isNumber(argument: Argument, { functions, casts }: Lookup): boolean {
  if (casts.some(({ implicit, from }) => implicit && numbers.has(from))) {
    return false;
  }
  if (argument === 'number') {
    return true;
  }
  if (typeof argument === 'string') {
    return false;
  }
  const named = functions.filter(({ name }) => name === argument.resultOf);
  return named.length > 0 && named.every(({ returns }) => numbers.has(returns));
}

/** With one literal the other operand has to fit; of two literals anything may be made. */
function mayUse(
  { name, left, right }: CatalogOperator,
  { operators }: Names,
  isThere: (id: number) => boolean,
): boolean {
  const missing = [left, right].filter((type) => !isThere(type)).length;
  return operators.some((use) => use.name === name && use.untyped >= missing);
}
