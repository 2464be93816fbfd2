import { openAudit } from '../../src/serve/audit/log.ts';

/** A process that writes so many records to a log, several at once: `node append-audit.ts FOLDER NAME RECORDS`. */
const [folder = '', name = '', records = '0'] = process.argv.slice(2);

const audit = await openAudit({ folder, key: null, now: () => new Date(), mostBytes: 20_000 });
const caller = { id: name, name, by: 'access-token' } as const;
for (let written = 0; written < Number(records); written += 5) {
  await Promise.all(
    Array.from({ length: 5 }, (_, index) =>
      audit.record({ action: 'run', outcome: 'answered', caller, sql: `SELECT ${written + index}` }),
    ),
  );
}
await audit.close();
