import { applyEdits, modify, type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { parse as parseToml, stringify } from 'smol-toml';
import { messageOf, SqlqError } from '../../../errors.ts';
import type { McpClient, Start } from './clients.ts';

/** The text of an entry as it stands in a file that has nothing else. */
export function entryText(client: McpClient, name: string, start: Start): string {
  const whole = { [client.key]: { [name]: client.entry(start) } };
  return client.format === 'toml' ? `${stringify(whole).trim()}\n` : `${JSON.stringify(whole, null, 2)}\n`;
}

/**
 * A client's file with the entry added; null where it has that very entry. All else in it stays as it is, comments too. Throws
 * a SqlqError `usage` where it can't be read, or has another entry of the name that may not be replaced.
 */
export function withEntry(
  client: McpClient,
  name: string,
  start: Start,
  file: { readonly path: string; readonly text: string },
  force: boolean,
): string | null {
  return client.format === 'toml'
    ? withTomlEntry(client, name, start, file)
    : withJsonEntry(client, name, start, file, force);
}

function withJsonEntry(
  { key, entry }: McpClient,
  name: string,
  start: Start,
  { path, text }: { readonly path: string; readonly text: string },
  force: boolean,
): string | null {
  const errors: ParseError[] = [];
  const found: unknown = text.trim() === '' ? {} : parse(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined || !isObject(found)) {
    throw unreadable(path, error === undefined ? 'it holds no object' : printParseErrorCode(error.error));
  }
  const servers = found[key];
  if (servers !== undefined && !isObject(servers)) {
    throw unreadable(path, `its "${key}" is no object`);
  }
  const wanted = entry(start);
  const before = servers?.[name];
  if (JSON.stringify(before) === JSON.stringify(wanted)) {
    return null;
  }
  if (before !== undefined && !force) {
    throw taken(path, name, 'or replace it with --force');
  }
  const tabs = /^\t/mu.test(text);
  const width = /^( +)\S/mu.exec(text)?.[1]?.length ?? 2;
  const formattingOptions = { insertSpaces: !tabs, tabSize: tabs ? 1 : width, eol: endOf(text) };
  const base = text.trim() === '' ? '{}' : text;
  const changed = applyEdits(base, modify(base, [key, name], wanted, { formattingOptions }));
  return changed.endsWith('\n') ? changed : `${changed}\n`;
}

/** A table of its own at the end; the parser says whether the whole is still what it was, and the entry. */
function withTomlEntry(
  { key, entry }: McpClient,
  name: string,
  start: Start,
  { path, text }: { readonly path: string; readonly text: string },
): string | null {
  const servers = tomlOf(path, text)[key];
  const before = isObject(servers) ? servers[name] : undefined;
  if (before !== undefined) {
    if (JSON.stringify(before) === JSON.stringify(entry(start))) {
      return null;
    }
    throw taken(path, name, 'or take the table out by hand');
  }
  const added = stringify({ [key]: { [name]: entry(start) } }).trim();
  const gap = text.trim() === '' ? '' : text.endsWith('\n') ? '\n' : '\n\n';
  const changed = `${text}${gap}${added}\n`;
  tomlOf(path, changed);
  return changed;
}

function tomlOf(path: string, text: string): Readonly<Record<string, unknown>> {
  try {
    return parseToml(text);
  } catch (error) {
    throw unreadable(path, messageOf(error).split('\n')[0] ?? '');
  }
}

function endOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(path: string, why: string): SqlqError {
  return new SqlqError('usage', `${path} is not as it should be, and stays as it is: ${why}.`, {
    hint: 'Mend it, or add the entry by hand: --install without --apply prints it.',
  });
}

function taken(path: string, name: string, way: string): SqlqError {
  return new SqlqError('usage', `${path} has another server called "${name}".`, {
    hint: `Give this one another name with --name, ${way}.`,
  });
}
