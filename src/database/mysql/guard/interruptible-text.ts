import type { Dialect } from '../../../schema/schema.ts';
import type { Analysis } from './syntax/findings.ts';
import { asciiUpper } from './syntax/names.ts';

/** Functions of which one call can take long: they make or chew big texts. */
const costly = new Set(
  `REPEAT SPACE LPAD RPAD REPLACE CONCAT_WS MD5 SHA SHA1 SHA2 CRC32 CRC32C COMPRESS UNCOMPRESS AES_ENCRYPT AES_DECRYPT
  DES_DECRYPT ENCODE DECODE KDF REGEXP_REPLACE REGEXP_SUBSTR REGEXP_INSTR REGEXP_LIKE SOUNDEX HEX UNHEX TO_BASE64 FROM_BASE64 REVERSE
  EXTRACTVALUE UPDATEXML JSON_SEARCH JSON_MERGE_PATCH JSON_NORMALIZE NATURAL_SORT_KEY RANDOM_BYTES`.split(
    /\s+/,
  ),
);

/**
 * The statement, made so that KILL and time limits take hold. MariaDB looks for them once for each row that it reads,
 * and with a join buffer it works through thousands of pairs for that one row: where each takes long, it went on for 40
 * seconds and more. Without the buffer it looks for each pair.
 */
export function interruptibleText(sql: string, analysis: Analysis, dialect: Dialect): string {
  const isJoin = analysis.tables.length > 1;
  const isCostly = analysis.calls.some(({ name }) => costly.has(asciiUpper(name)));
  if (dialect.product !== 'MariaDB' || analysis.form !== 'query' || !isJoin || !isCostly) {
    return sql;
  }
  return `SET STATEMENT join_cache_level = 0 FOR ${sql}`;
}
