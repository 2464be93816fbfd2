import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SqlqError } from '../../../errors.ts';
import { listDocuments, type Store, type StoredDocument } from '../../../knowledge/store.ts';
import { nearest } from '../../../schema/nearest.ts';

/**
 * The documents that a name means: a number of the list, what one is known as, its file, or the folder of several. Throws a
 * SqlqError `usage` where there is none.
 */
export async function namedDocuments(
  store: Store,
  place: string | null,
  name: string,
  workingDirectory: string,
): Promise<readonly StoredDocument[]> {
  const documents = listDocuments(store, place);
  const folderless = name.replace(/(?<=.)\/+$/u, '');
  const path = resolve(workingDirectory, folderless);
  const real = await realpath(path).catch(() => path);
  const isNamed = ({ id, source, path: own }: StoredDocument): boolean =>
    String(id) === name ||
    source === name ||
    source.startsWith(`${folderless}/`) ||
    [path, real].some((one) => own === one || own.startsWith(`${one}/`));
  const found = documents.filter(isNamed);
  if (found.length > 0) {
    return found;
  }
  const near = nearest(
    name,
    documents.map(({ source }) => source),
  );
  throw new SqlqError('usage', `No document is "${name}".`, {
    hint: near === null ? 'List them with: sqlq docs list' : `Did you mean ${near}?`,
  });
}
