import { SqlqError } from '../errors.ts';
import type { Parameter } from './admitted-statement.ts';

/** Where `:name` stands in a statement as it was written, as the engine's own lexer sees it. */
export interface NamedPlace {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/**
 * The text with the engine's own placeholders, and the values in the order in which `write` counts them: `index` is the
 * place of a value, from 0. `repeats` says that each place has a value of its own. Names without a value stay.
 * Throws a SqlqError `usage` for a value that stands nowhere or for a number that is none.
 */
export function withPlaceholders(
  sql: string,
  places: readonly NamedPlace[],
  parameters: readonly Parameter[],
  { write, repeats }: { readonly write: (index: number) => string; readonly repeats: boolean },
): { readonly text: string; readonly values: readonly Parameter[] } {
  requireNumerals(parameters);
  const values: Parameter[] = [];
  let at = 0;
  let text = '';
  for (const { start, end, name } of places) {
    const parameter = parameters.find((candidate) => candidate.name === name);
    if (parameter === undefined) {
      continue;
    }
    if (repeats || !values.includes(parameter)) {
      values.push(parameter);
    }
    const index = repeats ? values.length - 1 : values.indexOf(parameter);
    // What stands before must not run into the placeholder and make a name of it.
    const gap = /[\p{L}\p{N}_$]$/u.test(sql.slice(at, start)) ? ' ' : '';
    text += `${sql.slice(at, start)}${gap}${write(index)}`;
    at = end;
  }
  return { text: text + sql.slice(at), values };
}

/** Throws a SqlqError `usage` for a number that is none. */
export function requireNumerals(parameters: readonly Parameter[]): void {
  for (const { name, type, value } of parameters) {
    if (type !== 'text' && !/^-?\d+(?:\.\d+)?$/u.test(value)) {
      throw new SqlqError('usage', `The value of ${name} is no number: "${value}".`);
    }
  }
}
