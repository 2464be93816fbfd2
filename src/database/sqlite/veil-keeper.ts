import type { Connection } from './connection.ts';
import { type Veil, veilOf } from './veil.ts';

/** Keeps the veil of a file as long as its schema stays the same. */
export interface VeilKeeper {
  /** Null where nothing is hidden. */
  of(connection: Connection): Veil | null;
  close(): void;
}

export function veilKeeper(hide: readonly string[]): VeilKeeper {
  let kept: { readonly version: unknown; readonly veil: Veil | null } | null = null;
  return {
    of(connection) {
      if (hide.length === 0) return null;
      const version = connection.pragma('schema_version', { simple: true });
      if (kept !== null && kept.version === version) return kept.veil;
      kept?.veil?.close();
      const veil = veilOf(connection, hide);
      kept = { version, veil };
      return veil;
    },
    close() {
      kept?.veil?.close();
      kept = null;
    },
  };
}
