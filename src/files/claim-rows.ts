import type { Format } from '../render/format.ts';
import type { Prompts } from '../terminal/prompt.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Claim, FileGuard } from './file-guard.ts';

/** Where a claim is made: who guards the files, and who can be asked. */
export interface Claimant {
  readonly files: FileGuard;
  readonly terminal: Terminal;
  readonly prompts: Prompts;
}

/** Asks for a file to write; nothing where the target is stdout. */
export async function claimFile(
  { files, terminal, prompts }: Claimant,
  target: string | null,
  wanted: Pick<Claim, 'what' | 'continues' | 'force'>,
): Promise<void> {
  if (target === null) {
    return;
  }
  const confirm = terminal.interactive
    ? (message: string) => prompts.confirm(terminal.escape(message))
    : null;
  await files.claim({ ...wanted, target, confirm });
}

/** Asks for a file to write rows to. */
export function claimRows(
  claimant: Claimant,
  { output, format }: { readonly output: string | null; readonly format: Format },
  force: boolean,
): Promise<void> {
  return claimFile(claimant, output, { what: format, force });
}
