import { SqlqError } from '../../errors.ts';
import { ConsentNeeded } from '../../mcp/consent.ts';
import type { Audit, AuditEntry } from '../audit/audit.ts';
import { HttpError } from '../http-error.ts';

type About = Pick<AuditEntry, 'about' | 'database' | 'question' | 'sql' | 'rows'>;

/** Who does something, by which request, and where that is written down. */
export interface Doing {
  readonly parts: { readonly audit: Audit };
  readonly caller: AuditEntry['caller'];
  readonly requestId: string | null;
  readonly address: string | null;
}

/** Does something of which is written down that it began, before it does, and how it ended. */
export async function audited<Value>(
  { parts: { audit }, caller, requestId, address }: Doing,
  action: string,
  about: About,
  work: (note: (more: About) => void) => Promise<Value>,
): Promise<Value> {
  const start = performance.now();
  let entry: AuditEntry = { action, outcome: 'started', caller, requestId, address, ...about };
  await audit.record(entry);
  const end = (outcome: string): Promise<void> =>
    audit.record({ ...entry, outcome, milliseconds: Math.round(performance.now() - start) });
  let value: Value;
  try {
    value = await work((more) => {
      entry = { ...entry, ...more };
    });
  } catch (error) {
    await end(outcomeOf(error));
    throw error;
  }
  await end('done');
  return value;
}

function outcomeOf(error: unknown): string {
  if (error instanceof ConsentNeeded) {
    return 'shown';
  }
  return error instanceof SqlqError || error instanceof HttpError ? error.code : 'failed';
}
