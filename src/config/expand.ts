import { SqlqError } from '../errors.ts';
import { type Environment, variable } from './environment.ts';

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/gu;

/** The variables that a text refers to as `${VARIABLE}`. */
export function variablesOf(text: string): readonly string[] {
  return [...text.matchAll(reference)].map(([, name = '']) => name);
}

/** The variable that is the whole of a text; null where it is more, less or none. */
export function wholeVariable(text: string): string | null {
  return /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/u.exec(text)?.[1] ?? null;
}

/**
 * A text with its `${VARIABLE}` references filled in, each through `encode` (for a part of a URL). `where` names the
 * setting for the SqlqError `usage` that is thrown where a variable is unset.
 */
export function expand(
  text: string,
  environment: Environment,
  where: string,
  encode: (value: string) => string = (value) => value,
): string {
  return text.replace(reference, (_whole, name: string) => {
    const value = variable(environment, name);
    if (value === null) {
      throw new SqlqError('usage', `${where} needs the variable ${name}, which is not set.`, {
        hint: `Set it: export ${name}=…`,
      });
    }
    return encode(value);
  });
}
