import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Writes a file that its user alone may read (0600), in folders that are made where they lack (0700): beside the target
 * first, then renamed, so that it is whole or absent. With `replace: false` an existing file is left as it is and the
 * call rejects with the system's EEXIST.
 */
export async function writePrivateFile(
  path: string,
  text: string,
  options: { readonly replace: boolean } = { replace: true },
): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, `.sqlq-${randomBytes(9).toString('hex')}`);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link fails where the name is taken; a rename would replace it.
    await (options.replace ? rename(temporary, path) : link(temporary, path));
  } finally {
    await rm(temporary, { force: true });
  }
}
