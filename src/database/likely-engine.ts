import { dialects } from './engines.ts';
import { engineOfPath, isDatabaseFile } from './file-kind.ts';

/** The engine that a place is probably of, by its name alone; null where it takes more to know. */
export function likelyEngine(place: string): string | null {
  const [, scheme] = /^([a-z][a-z0-9]*)(?:\+\w+)?:/iu.exec(place) ?? [];
  if (scheme !== undefined) {
    return dialects.find(({ address }) => address.schemes.includes(scheme.toLowerCase()))?.name ?? null;
  }
  return isDatabaseFile(place) ? engineOfPath(place) : null;
}
