/**
 * What is told of the settings elsewhere, made from their table: `schema.json` for editors, `.sqlqrc.example`, and the list
 * in README.md. A test fails where they differ.
 *
 * usage: npm run settings:write
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { databaseFields, notesField, profileFields, urlField } from './src/config/settings/objects.ts';
import { sentence, settingsSchema } from './src/config/settings/schema.ts';
import { serveFields } from './src/config/settings/serve-fields.ts';
import { described, type Field, longFlag, type Setting } from './src/config/settings/setting.ts';
import { settings } from './src/config/settings/table.ts';
import { settingRows } from './src/config/settings/values.ts';

/** The JSON Schema of a settings file. */
export function jsonSchemaText(): string {
  const schema = z.toJSONSchema(settingsSchema, { io: 'input' });
  return `${JSON.stringify({ title: 'Settings of sqlq (.sqlqrc)', ...schema }, null, 2)}\n`;
}

/** `.sqlqrc.example`: every setting that a file may hold, with what it is. */
export function exampleText(): string {
  const lines = [
    '# Every setting of sqlq, as YAML; JSON will do too. Put what you need into .sqlqrc (or .sqlqrc.yaml, .sqlqrc.json):',
    "# in a project's folder, or for yourself in ~/.config/sqlq/. First wins: flag, SQLQ_ variable, project's file, your file.",
    "# A project's file is not trusted with secrets that it does not hold, can send less and hide more than you say, never",
    '# the other way round.',
    '',
    '# The JSON Schema of this file, for editors.',
    '$schema: ./node_modules/sqlq/schema.json',
  ];
  for (const [name, row] of settingRows) {
    if (row.files === 'none') {
      continue;
    }
    lines.push('', `# ${sentence(described(row))}${choicesOf(row)}`, `${name}: ${written(row, row.example)}`);
    if (name === 'database') {
      lines.push('', ...databaseLines());
    }
    if (name === 'model') {
      lines.push('', ...profileLines());
    }
  }
  lines.push(
    '',
    "# What `sqlq serve` has flags for; in the user's own file alone, or the one of --config.",
    'serve:',
    ...fieldLines(serveFields).map((line) => line.slice(2)),
    '',
    `# ${sentence(notesField.about)}`,
    'notes:',
    ...Object.entries(notesField.example).map(([term, meaning]) => `  ${term}: ${meaning}`),
  );
  return `${lines.join('\n')}\n`;
}

/** The README's table of settings. */
export function readmeTable(): string {
  const rows = settingRows.map(([name, row]) => {
    const flags = [row.flag === null ? '' : longFlag(row), row.offFlag ?? ''].filter((flag) => flag !== '');
    const what = described(row).replaceAll('|', '\\|').replaceAll('*', '\\*');
    return `| \`${name}\` | ${flags.map((flag) => `\`${flag}\``).join(', ')} | \`${row.variable}\` | ${what} |`;
  });
  return ['| setting | flag | variable | what it is |', '|---|---|---|---|', ...rows].join('\n');
}

/** The list in README.md, between its marks. */
export const readmeList = /(?<=<!-- settings -->\n)[\s\S]*?(?=\n<!-- \/settings -->)/u;

function databaseLines(): readonly string[] {
  return [
    '# Databases by name: a URL or a path, or an object with more.',
    'databases:',
    '  shop: sqlite:shop.sqlite',
    '  live:',
    ...fieldLines({ url: urlField, ...databaseFields }),
  ];
}

function profileLines(): readonly string[] {
  return [
    '# Profiles of your own, by name.',
    'profiles:',
    `  ${settings.profile.example}:`,
    ...fieldLines(profileFields),
  ];
}

function fieldLines(fields: Readonly<Record<string, Field<unknown>>>): readonly string[] {
  return Object.entries(fields).flatMap(([key, field]) => {
    const about = `    # ${sentence(field.about)}${choicesOf(field)}`;
    const { example } = field;
    if (Array.isArray(example) && example.some((item) => typeof item === 'object')) {
      const items = example.map(
        (item) => `      - ${typeof item === 'string' ? item : JSON.stringify(item)}`,
      );
      return [about, `    ${key}:`, ...items];
    }
    const isText = Array.isArray(example) || field.kind.read(field.kind.write(example)) !== null;
    if (isText || typeof example !== 'object' || example === null) {
      return [about, `    ${key}: ${written(field, example)}`];
    }
    const entries = Object.entries(example).map(
      ([name, value]) => `      ${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`,
    );
    return [about, `    ${key}:`, ...entries];
  });
}

/** The texts that a setting takes, unless its own sentence names them. */
function choicesOf({ kind, about }: Pick<Setting<unknown>, 'kind' | 'about'>): string {
  const missing = (kind.choices ?? []).some((choice) => !about.includes(String(choice)));
  return missing ? ` It is one of ${kind.choices?.join(', ')}.` : '';
}

/** A value as YAML on one line. */
function written({ kind }: Pick<Setting<unknown>, 'kind'>, value: unknown): string {
  if (!Array.isArray(value)) {
    return kind.write(value);
  }
  const items = value.map((item: unknown) => {
    const text = String(item);
    return /^[\w./~-]+$/u.test(text) ? text : JSON.stringify(text);
  });
  return `[${items.join(', ')}]`;
}

if (import.meta.main) {
  const at = (file: string): string => join(import.meta.dirname, file);
  await writeFile(at('schema.json'), jsonSchemaText());
  await writeFile(at('.sqlqrc.example'), exampleText());
  const readme = await readFile(at('README.md'), 'utf8');
  await writeFile(
    at('README.md'),
    readme.replace(readmeList, () => readmeTable()),
  );
}
