import type { Setup } from '../../run/setup.ts';

/** Warns of databases that a user is to be let into and the settings do not name: a server may be given others by flags. */
export function warnOfUnknown({ settings, terminal }: Setup, databases: readonly string[] | null): void {
  for (const name of databases ?? []) {
    if (name !== 'sample' && !settings.databases.has(name)) {
      const text = `Your settings name no database "${name}": the user sees one only where a server calls it so.`;
      terminal.warn(terminal.style('yellow', terminal.escape(text)));
    }
  }
}
