import { SqlqError } from '../../errors.ts';
import { type Environment, variable } from '../environment.ts';
import { type GivenValues, mapSettings } from './values.ts';

/** The settings that SQLQ_ variables say. Throws a SqlqError `usage` for one that can't be read. */
export function readVariables(environment: Environment): GivenValues {
  return mapSettings<GivenValues>(({ variable: name, kind }) => {
    const text = variable(environment, name);
    if (text === null) {
      return undefined;
    }
    const value = kind.read(text);
    if (value !== null) {
      return value;
    }
    throw new SqlqError('usage', `${name} takes ${kind.wanted}, not "${text}".`, {
      hint: `Set it to one of these, or unset it: unset ${name}`,
    });
  });
}
