import type { Connection } from '../session.ts';
import { type HiddenColumns, hiddenColumnsOf } from './hidden.ts';

/** Keeps the hidden columns of a file as long as its schema stays the same. */
export interface HiddenColumnsKeeper {
  /** Null where nothing is hidden. */
  of(connection: Connection): HiddenColumns | null;
  close(): void;
}

export function hiddenColumnsKeeper(hide: readonly string[]): HiddenColumnsKeeper {
  let kept: { readonly version: unknown; readonly hidden: HiddenColumns | null } | null = null;
  return {
    of(connection) {
      if (hide.length === 0) {
        return null;
      }
      const version = connection.pragma('schema_version', { simple: true });
      if (kept !== null && kept.version === version) {
        return kept.hidden;
      }
      kept?.hidden?.close();
      const hidden = hiddenColumnsOf(connection, hide);
      kept = { version, hidden };
      return hidden;
    },
    close() {
      kept?.hidden?.close();
      kept = null;
    },
  };
}
