import type { Rows } from '../wire/connection.ts';
import { literal } from './catalog.ts';
import type { Analysis } from './syntax/findings.ts';
import { asciiUpper, fold } from './syntax/names.ts';
import { Refusal } from './syntax/reader.ts';

/** Variables that can hold a password, a token or a key, or SQL and addresses with one in it. */
const secretVariable =
  /^(?:report_password|init_connect|init_slave|init_replica|wsrep_sst_auth|wsrep_provider_options|wsrep_cluster_address|file_key_management_filekey|\w*_pwd|\w*secret\w*|\w*_token|\w*access_key\w*|\w*passphrase\w*|telemetry\.\w*(?:headers|secret)\w*)$/i;

/** Engines whose tables tell the password of another server in their comment or options. */
const remoteEngines = ['FEDERATED', 'CONNECT', 'SPIDER', 'S3', 'OQGRAPH', 'MONGODB'];

/** A table of this engine tells the password of another server in its text, its comment or its options. */
export function isRemote(storageEngine: string): boolean {
  return remoteEngines.includes(asciiUpper(storageEngine));
}

const variableViews = /^(?:GLOBAL_VARIABLES|SESSION_VARIABLES|SYSTEM_VARIABLES)$/;
const tableViews = /^(?:TABLES|PARTITIONS)$/;
const tellingColumns = ['table_comment', 'create_options', 'partition_comment'];

/** Throws a Refusal where a statement shows a secret that the server keeps among its variables or comments. */
export async function refuseSecrets(analysis: Analysis, rows: Rows): Promise<void> {
  const variable = analysis.variables.find((name) => secretVariable.test(name));
  if (variable !== undefined) {
    throw new Refusal(`@@${variable} can hold a password`);
  }
  const views = analysis.tables.map(({ name }) => asciiUpper(name));
  if (analysis.shows === 'VARIABLES' || views.some((name) => variableViews.test(name))) {
    const set = await setSecrets(rows);
    if (set.length > 0) {
      throw new Refusal(`The server's variables hold secrets here: ${set.join(', ')}`);
    }
  }
  const listsComments =
    analysis.shows === 'TABLE STATUS' ||
    (views.some((name) => tableViews.test(name)) &&
      (analysis.stars.length > 0 || tellingColumns.some((name) => analysis.names.has(fold(name)))));
  if (listsComments) {
    const [remote] = await rows(
      `SELECT TABLE_NAME FROM information_schema.TABLES WHERE ENGINE IN (${remoteEngines.map(literal).join(', ')}) LIMIT 1`,
    );
    if (remote !== undefined) {
      throw new Refusal(`The comment of ${remote[0]} can hold the password of another server`);
    }
  }
}

/** The variables of that kind that are not empty on this server. */
async function setSecrets(rows: Rows): Promise<readonly string[]> {
  const found = await rows("SHOW GLOBAL VARIABLES WHERE Value <> ''");
  return found
    .filter(
      ([name, value]) =>
        secretVariable.test(name ?? '') && !/^(?:\*+|NONE|OFF|gcomm:\/\/)$/i.test(value ?? ''),
    )
    .map(([name]) => name ?? '');
}
