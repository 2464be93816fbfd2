import { SqlqError } from '../errors.ts';
import { placeholdersOf } from '../schema/literals.ts';
import type { Engine } from '../schema/schema.ts';
import type { Parameter } from './database.ts';

/**
 * The statement with its values as literals, for the guard to judge: it knows what a call with these values does, and a
 * placeholder alone tells it nothing. This text is never run. Throws a SqlqError `usage`.
 */
export function asLiterals(sql: string, parameters: readonly Parameter[], engine: Engine): string {
  return parameters.length === 0
    ? sql
    : replaced(sql, parameters, engine, (parameter) => literalOf(parameter, engine));
}

/** A value as a literal. Throws a SqlqError `usage` for a number that is none. */
export function literalOf({ name, type, value }: Parameter, engine: Engine): string {
  if (type !== 'text') {
    if (/^-?\d+(?:\.\d+)?$/u.test(value)) return value;
    throw new SqlqError('usage', `The value of ${name} is no number: "${value}".`);
  }
  const doubled = value.replaceAll("'", "''");
  return `'${engine === 'mysql' ? doubled.replaceAll('\\', '\\\\') : doubled}'`;
}

/** The statement with `$1`, `$2` … or `?` for its placeholders, and the values in that order. */
export function asPositions(
  sql: string,
  parameters: readonly Parameter[],
  engine: 'postgres' | 'mysql',
): { readonly text: string; readonly values: readonly Parameter[] } {
  if (parameters.length === 0) return { text: sql, values: [] };
  const values: Parameter[] = [];
  const text = replaced(sql, parameters, engine, (parameter) => {
    if (engine === 'mysql') {
      values.push(parameter);
      return '?';
    }
    if (!values.includes(parameter)) values.push(parameter);
    return `$${values.indexOf(parameter) + 1}`;
  });
  return { text, values };
}

function replaced(
  sql: string,
  parameters: readonly Parameter[],
  engine: Engine,
  write: (parameter: Parameter) => string,
): string {
  const places = placeholdersOf(sql, engine);
  if (places === null) throw new SqlqError('refused', 'The statement with parameters can not be read.');
  let at = 0;
  let text = '';
  for (const { start, end, name } of places) {
    const parameter = parameters.find((candidate) => candidate.name === name);
    if (parameter === undefined) throw new SqlqError('usage', `The parameter :${name} has no value.`);
    text += sql.slice(at, start) + write(parameter);
    at = end;
  }
  return text + sql.slice(at);
}
