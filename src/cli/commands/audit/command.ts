import { defineCommand } from '../../command.ts';
import { exportCommand } from './export/command.ts';
import { verifyOptions } from './options.ts';
import { verify } from './verify/command.ts';

/** `sqlq audit`: the log of who asked and ran what of a server. */
export const audit = defineCommand({
  name: 'audit',
  summary: 'check the log of who asked and ran what of sqlq serve, or write it out',
  options: verifyOptions,
  help: `Examples:
  sqlq audit verify
  sqlq audit verify audit-000000000001.jsonl
  sqlq audit export --format csv > audit.csv

Each record has the hash of the one before it, so that none can be changed, taken out or moved without its being
seen. What was taken from the end shows by what is kept of it beside the log. Whoever may write both could make all
hashes anew: keep a key elsewhere (sqlq serve --audit-key-file), or write down the last hash now and then, and
give it with --hash.`,
  commands: [verify, exportCommand],
  load: () => import('./run.ts'),
});
