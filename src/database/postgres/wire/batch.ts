import type { Client, Connection, FieldDef, Submittable } from 'pg';

/** Where the server keeps a statement, parsed and planned. */
export interface KeptStatement {
  /** What the server knows it by; nobody else on the same connection can mean it. */
  readonly name: string;
  /** Whether the server has it. */
  isThere: boolean;
}

/** A statement in a batch. */
export interface Step {
  readonly text: string;
  readonly values?: readonly (string | null)[];
  /** Left out where the server is not to keep it. */
  readonly kept?: KeptStatement;
}

/** Cells as the server's text, null for NULL. */
export type TextRow = readonly (string | null)[];

/** What `pg` calls on the object that it is given instead of a query. */
interface Handlers extends Submittable {
  handleRowDescription(message: { fields: FieldDef[] }): void;
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
export async function runBatch(
  client: Client,
  steps: readonly Step[],
  seen: TextRow[][] = [],
): Promise<readonly (readonly TextRow[])[]> {
  return (await submit(client, null, steps, seen)).rows;
}

/** As `runBatch`, when the server has described what `described` would return, which it does not run. */
export async function describeAndRun(
  client: Client,
  described: string,
  steps: readonly Step[],
): Promise<Described> {
  return submit(client, described, steps, []);
}

/** The columns of a statement that was described, and the rows of those that ran after it. */
export interface Described {
  /** None where it returns no rows. */
  readonly fields: readonly FieldDef[];
  readonly rows: readonly (readonly TextRow[])[];
}

function submit(
  client: Client,
  described: string | null,
  steps: readonly Step[],
  seen: TextRow[][],
): Promise<Described> {
  return new Promise((resolve, reject) => {
    let fields: readonly FieldDef[] = [];
    let rows: TextRow[] = [];
    const next = (): void => {
      const kept = steps[seen.length]?.kept;
      if (kept !== undefined) {
        kept.isThere = true;
      }
      seen.push(rows);
      rows = [];
    };
    const handlers: Handlers = {
      submit(connection) {
        connection.stream.cork();
        if (described !== null) {
          connection.parse({ name: '', text: described, types: [] }, true);
          connection.describe({ type: 'S', name: '' }, true);
        }
        for (const step of steps) {
          send(connection, step);
        }
        connection.sync();
        connection.stream.uncork();
      },
      // Of the steps nobody asks for a description.
      handleRowDescription(message) {
        fields = message.fields;
      },
      handleDataRow(message) {
        rows.push(message.fields);
      },
      handleCommandComplete: next,
      handleEmptyQuery: next,
      handlePortalSuspended: next,
      handleError: reject,
      handleReadyForQuery: () => resolve({ fields, rows: seen }),
    };
    client.query(handlers);
  });
}

function send(connection: Connection, { text, values = [], kept }: Step): void {
  const name = kept?.name ?? '';
  if (kept?.isThere !== true) {
    connection.parse({ name, text, types: [] }, true);
  }
  connection.bind({ portal: '', statement: name, values: [...values] }, true);
  connection.execute({ portal: '', rows: '0' }, true);
}

/** A list as the text of an array of the server's. */
export function arrayText(items: readonly (string | null)[]): string {
  const written = items.map((item) => (item === null ? 'NULL' : `"${item.replace(/["\\]/g, '\\$&')}"`));
  return `{${written.join(',')}}`;
}
