import { resolve } from 'node:path';
import { readPlainFile } from '../../config/files/plain-file.ts';
import { messageOf, SqlqError } from '../../errors.ts';

const fewestBytes = 16;

/** The key in a file, without the line breaks around it. Rejects with a SqlqError `usage`. */
export async function readAuditKey(file: string, workingDirectory: string): Promise<Buffer> {
  const hint = 'Make one that its owner alone may read with: (umask 077; openssl rand -hex 32 > audit.key)';
  const text = await readPlainFile(resolve(workingDirectory, file)).catch((error: unknown) => {
    throw new SqlqError(
      'usage',
      `The key of the audit log can't be read from ${file}: ${messageOf(error)}.`,
      {
        hint,
        cause: error,
      },
    );
  });
  const key = Buffer.from(text.trim());
  if (key.length < fewestBytes) {
    throw new SqlqError('usage', `The key in ${file} is too short: it needs ${fewestBytes} characters.`, {
      hint,
    });
  }
  return key;
}
