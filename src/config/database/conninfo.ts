import type { ServerAddress } from '../../database/dialect.ts';
import { type Fields, readParameters } from './server-url.ts';
import { wrong } from './url-error.ts';

/** libpq's other form, `host=localhost dbname=shop`: texts with blanks stand in single quotes. */
export function readConninfo(text: string, address: ServerAddress): Fields {
  const pairs: [string, string][] = [];
  const pair = /\s*([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/gsuy;
  const rest = text.trimEnd();
  while (pair.lastIndex < rest.length) {
    const [, name, quoted, bare] = pair.exec(rest) ?? [];
    if (name === undefined) {
      throw wrong('is no list of name=value.', "A value with a blank stands in quotes: password='a b'.");
    }
    pairs.push([name, (quoted ?? bare ?? '').replace(/\\(.)/gsu, '$1')]);
  }
  return readParameters(address, pairs);
}

/** Whether a text is a list of names and values of libpq's. */
export function isConninfo(text: string): boolean {
  const [, first] = /^\s*([a-z_]+)\s*=/u.exec(text) ?? [];
  return (
    first !== undefined &&
    /^(?:host|hostaddr|port|dbname|user|password|service|sslmode|application_name)$/u.test(first)
  );
}
