import { SqlqError } from '../../../errors.ts';
import { isInForce, type Setting } from './settings.ts';

/** The statements that set something until the end of the transaction: one, or none. */
export function setting(settings: readonly Setting[]): readonly string[] {
  if (settings.length === 0) {
    return [];
  }
  const calls = settings.map(
    ({ name, value }) => `pg_catalog.set_config('${name}', ${quoteLiteral(value)}, true)`,
  );
  return [`SELECT ${calls.join(', ')}`];
}

/** A literal that reads alike whatever standard_conforming_strings is: the whole message is read before it is set. */
export function quoteLiteral(text: string): string {
  return `E'${text.replace(/['\\]/g, '$&$&')}'`;
}

/** What has to be in force; what is set later takes the place of what was set before. */
export function neededOf(settings: readonly Setting[]): readonly Setting[] {
  const inForce = new Map(settings.map((setting) => [setting.name, setting]));
  return [...inForce.values()].filter((setting) => setting.needed);
}

/** Asks what a setting is. */
export const shown = (name: string): string => `pg_catalog.current_setting('${name}', true)`;

/** Throws a SqlqError `refused` for the first setting that is not in force, by what the server shows. */
export function checkInForce(needed: readonly Setting[], shownFor: (name: string) => unknown): void {
  for (const wanted of needed) {
    const value = shownFor(wanted.name);
    if (!isInForce(wanted, value)) {
      throw notInForce(wanted, value);
    }
  }
}

function notInForce({ name, value }: Setting, shown: unknown): SqlqError {
  if (name === 'default_transaction_read_only' && value === 'off') {
    return new SqlqError('refused', 'The server makes the transactions of this role read-only.', {
      hint:
        'Its administrator set default_transaction_read_only = on for the role, the database or the server. ' +
        'Connect as a role that may write, or have that changed with ALTER ROLE or ALTER DATABASE.',
    });
  }
  return new SqlqError(
    'refused',
    `The server took ${name} = ${value} and did not put it in force: it says ${shown === null ? 'nothing' : String(shown)}.`,
    {
      hint: 'Nothing would hold a statement in check there, so that nothing is run. Use another server or pooler.',
    },
  );
}
