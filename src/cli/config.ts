import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { foldersOf, writePrivateFile } from '../config/folders.ts';
import { firstSettings } from '../config/init.ts';
import type { Values } from '../config/load.ts';
import { createRedactor } from '../config/redact.ts';
import { type ExitCode, SqlqError } from '../errors.ts';
import type { CommandContext } from './context.ts';
import type { ConfigInitOptions, ConfigOptions } from './options.ts';
import { withSetup } from './setup.ts';

/** `sqlq config`: the settings in effect and where each came from, secrets hidden. */
export function configCommand(options: ConfigOptions, context: CommandContext): Promise<ExitCode> {
  return withSetup(options, context, async ({ settings, terminal }) => {
    const redact = createRedactor([...context.secrets]);
    const { values, sources } = settings;
    const entries = (Object.keys(values) as (keyof Values)[]).map((key) => ({
      key,
      value: values[key],
      source: sources[key],
    }));
    const shown = {
      settings: Object.fromEntries(entries.map(({ key, value, source }) => [key, { value, source }])),
      profiles: Object.fromEntries(
        [...settings.profiles].map(([name, { settings: profile, origin }]) => [
          name,
          {
            ...profile,
            ...(profile.apiKey === undefined ? {} : { apiKey: '(set)' }),
            headers: maskValues(profile.headers),
            source: origin?.path,
          },
        ]),
      ),
      databases: Object.fromEntries(
        [...settings.databases].map(([name, { settings: database, origin }]) => [
          name,
          { ...database, source: origin?.path },
        ]),
      ),
    };
    if (options.json === true) {
      await terminal.print(`${redact(JSON.stringify(shown, null, 2))}\n`);
      return undefined;
    }
    const width = Math.max(...entries.map(({ key }) => key.length));
    const lines = entries.map(
      ({ key, value, source }) =>
        `${key.padEnd(width)}  ${value === null ? '(not set)' : JSON.stringify(value)}  (${source})`,
    );
    for (const [kind, named] of [
      ['profile', shown.profiles],
      ['database', shown.databases],
    ] as const) {
      for (const [name, { source, ...rest }] of Object.entries(named)) {
        lines.push(`${kind} ${name}  ${JSON.stringify(rest)}  (${source ?? 'built in'})`);
      }
    }
    await terminal.print(`${terminal.escape(redact(lines.join('\n')))}\n`);
    return undefined;
  });
}

function maskValues(
  headers: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  return headers && Object.fromEntries(Object.keys(headers).map((name) => [name, '(set)']));
}

/** `sqlq config init`: a first settings file, with every line explained. */
export function configInitCommand(options: ConfigInitOptions, context: CommandContext): Promise<ExitCode> {
  return withSetup(options, context, async ({ terminal }) => {
    const folder =
      options.user === true
        ? foldersOf(context.environment, context.homeFolder).config
        : context.workingDirectory;
    const path = join(folder, '.sqlqrc');
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists && options.force !== true) {
      throw new SqlqError('usage', `${path} is there already.`, {
        hint: 'Edit it, or replace it with --force.',
      });
    }
    await writePrivateFile(path, firstSettings);
    terminal.note(`Wrote ${path}. Choose a profile and a database there, then check them with: sqlq doctor`);
    return undefined;
  });
}
