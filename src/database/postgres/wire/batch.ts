import type { Client, Connection, Submittable } from 'pg';

/** A statement of our own in a batch. */
export interface Step {
  readonly text: string;
  readonly values?: readonly (string | null)[];
}

/** Cells as the server's text, null for NULL. */
export type TextRow = readonly (string | null)[];

/** What `pg` calls on the object that it is given instead of a query. */
interface Handlers extends Submittable {
  handleRowDescription(): void;
  handleDataRow(message: { fields: TextRow }): void;
  handleCommandComplete(): void;
  handleEmptyQuery(): void;
  handlePortalSuspended(): void;
  handleError(error: Error): void;
  handleReadyForQuery(): void;
}

/**
 * Runs statements of our own one after the other with one message to the server and one back; gives the rows of each.
 * One Sync ends them all, so that the server skips what comes after a statement that has failed, whether or not a
 * transaction had begun: nothing runs unless all before it has. Rejects with that failure; `seen` has the rows of those
 * that came before.
 */
export function runBatch(
  client: Client,
  steps: readonly Step[],
  seen: TextRow[][] = [],
): Promise<readonly (readonly TextRow[])[]> {
  return new Promise((resolve, reject) => {
    let rows: TextRow[] = [];
    const next = (): void => {
      seen.push(rows);
      rows = [];
    };
    const handlers: Handlers = {
      submit(connection) {
        connection.stream.cork();
        for (const step of steps) {
          send(connection, step);
        }
        connection.sync();
        connection.stream.uncork();
      },
      handleRowDescription() {},
      handleDataRow({ fields }) {
        rows.push(fields);
      },
      handleCommandComplete: next,
      handleEmptyQuery: next,
      handlePortalSuspended: next,
      handleError: reject,
      handleReadyForQuery: () => resolve(seen),
    };
    client.query(handlers);
  });
}

function send(connection: Connection, { text, values = [] }: Step): void {
  connection.parse({ name: '', text, types: [] }, true);
  connection.bind({ portal: '', statement: '', values: [...values] }, true);
  connection.execute({ portal: '', rows: '0' }, true);
}

/** A list as the text of an array of the server's. */
export function arrayText(items: readonly (string | null)[]): string {
  const written = items.map((item) => (item === null ? 'NULL' : `"${item.replace(/["\\]/g, '\\$&')}"`));
  return `{${written.join(',')}}`;
}
