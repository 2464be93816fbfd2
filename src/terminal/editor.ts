import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqlqError } from '../errors.ts';

/**
 * Lets the user change a text in their own editor, on the terminal that the program itself runs in.
 * `command` is what `$VISUAL` or `$EDITOR` says; it may have arguments, so a shell reads it.
 */
export async function editText(
  command: string,
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  // mkdtemp makes the folder for this user alone.
  const folder = await mkdtemp(join(tmpdir(), 'sqlq-'));
  const file = join(folder, 'query.sql');
  try {
    await writeFile(file, text, { mode: 0o600 });
    const status = await new Promise<number | null>((resolve, reject) => {
      const child = spawn(`${command} "$SQLQ_EDIT"`, {
        shell: true,
        stdio: ['inherit', 2, 2],
        env: { ...environment, SQLQ_EDIT: file },
      });
      child.once('error', reject);
      child.once('exit', resolve);
    });
    if (status !== 0) {
      throw new SqlqError('failed', `The editor "${command}" ended with status ${status}.`, {
        hint: 'Set VISUAL or EDITOR to an editor that waits, such as nano, vim or "code --wait".',
      });
    }
    return (await readFile(file, 'utf8')).trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
