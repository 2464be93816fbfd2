import { appendFileSync, createWriteStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { analyse } from '../../src/offline/analysis/analysis.ts';
import { classNamesOf, type FeatureTable, namesOf } from '../../src/offline/analysis/feature.ts';
import { filterFeatures } from '../../src/offline/grammar/filter/item.ts';
import { havingFeatures } from '../../src/offline/grammar/having.ts';
import { orderFeatures } from '../../src/offline/grammar/order.ts';
import { selectFeatures } from '../../src/offline/grammar/select.ts';
import { candidatesOf, distinctQueries } from '../../src/offline/parse.ts';
import { canonicalKey } from '../../src/offline/query/canonical.ts';
import { candidateFeatures } from '../../src/offline/rank/candidate.ts';
import { type Forest, type ForestText, readForest } from '../../src/offline/rank/forest.ts';
import { chasms } from '../../src/offline/rank/parts.ts';
import { readWording, type WordingText } from '../../src/offline/rank/wording.ts';
import { sameRows } from '../answers/compare.ts';
import { databases, folds, foldsOf, readCases, shortened } from './corpus.ts';
import { mostRows } from './database.ts';

/**
 * Builds the candidates of every training question with the forests that never saw its database, runs them, and
 * writes a training row each: does it return the gold rows? Usage: node bench/train/candidates.ts OUT [DATABASE,…]: databases to leave out, whose
 * joins take too long
 */
const out = process.argv[2] ?? '/tmp/sqlq-train';
const read = <Input>(kind: string, fold: number, features: FeatureTable<Input>): Forest =>
  readForest(kind, JSON.parse(readFileSync(`${out}/${kind}-${fold}.json`, 'utf8')) as ForestText, features);
const weights = Array.from({ length: folds }, (_, fold) => ({
  select: read('select', fold, selectFeatures),
  filter: read('filter', fold, filterFeatures),
  order: read('order', fold, orderFeatures),
  having: read('having', fold, havingFeatures),
  wording: readWording(JSON.parse(readFileSync(`${out}/wording-${fold}.json`, 'utf8')) as WordingText),
}));
const left = new Set((process.argv[3] ?? '').split(','));
const cases = readCases(out);
const foldOf = foldsOf(cases);
const open = await databases(out);
const stream = createWriteStream(`${out}/candidate.f32`);
const texts = createWriteStream(`${out}/candidates.jsonl`);
const at = { right1: 0, right5: 0, right20: 0, any: 0, candidates: 0, failed: 0, milliseconds: 0 };
const failures = new Map<string, number>();
// Whether a query returns the gold rows never changes: kept between runs.
const cacheFile = `${out}/labels.tsv`;
const labels = new Map<string, boolean>();
if (existsSync(cacheFile)) {
  for (const line of readFileSync(cacheFile, 'utf8').split('\n')) {
    if (line !== '') {
      labels.set(line.slice(2), line.startsWith('1'));
    }
  }
}
const fresh: string[] = [];
let group = 0;
let current = '';
let results = new Map<string, unknown[][] | null>();
for (const entry of [...cases, ...shortened(cases)]
  .filter(({ database }) => !left.has(database))
  .sort((a, b) => (a.database < b.database ? -1 : a.database > b.database ? 1 : 0))) {
  if (entry.database !== current) {
    current = entry.database;
    appendFileSync(
      cacheFile,
      fresh
        .splice(0)
        .map((line) => `${line}\n`)
        .join(''),
    );
    // Lets what is written reach the disk.
    await setImmediate();
    results = new Map();
  }
  const { database, prepared } = open(entry.database);
  const fold = foldOf.get(entry.database) ?? 0;
  const parts = weights[fold];
  if (parts === undefined) {
    continue;
  }
  const started = performance.now();
  const analysis = analyse(entry.question, prepared.schemaIndex, prepared.linker, prepared.lookup);
  const candidates = distinctQueries(prepared, candidatesOf(analysis, prepared.graph, parts));
  at.milliseconds += performance.now() - started;
  const run = (sql: string): unknown[][] | null => {
    const known = results.get(sql);
    if (known !== undefined) {
      return known;
    }
    let rows: unknown[][] | null = null;
    try {
      rows = database.rows(sql);
      if (rows.length > mostRows) {
        rows = null;
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : '';
      failures.set(message.slice(0, 60), (failures.get(message.slice(0, 60)) ?? 0) + 1);
      at.failed++;
    }
    results.set(sql, rows);
    return rows;
  };
  let goldRows: unknown[][] | null = null;
  const ordered = /ORDER BY[^)]*$/.test(entry.gold);
  const kept: { sql: string; right: boolean; form: string }[] = [];
  for (const { sql, features, candidate } of candidates) {
    const key = `${entry.id}\t${sql.replaceAll(/\s/g, ' ')}`;
    let right = labels.get(key);
    if (right === undefined) {
      goldRows ??= run(entry.gold) ?? [];
      const main = candidate.query.kind === 'set' ? candidate.query.left : candidate.query;
      // Rows multiplied by one another are seldom asked for and may take minutes.
      const rows = chasms(prepared.schemaIndex, main) > 0 ? null : run(sql);
      right = rows !== null && sameRows(goldRows, rows, { ordered });
      labels.set(key, right);
      fresh.push(`${right ? 1 : 0}\t${key}`);
    }
    const row = Float32Array.from([right ? 1 : 0, fold, group, ...features]);
    stream.write(Buffer.from(row.buffer));
    kept.push({ sql, right, form: canonicalKey(prepared.schemaIndex, candidate.query) });
  }
  const place = kept.findIndex((other) => other.right);
  at.candidates += kept.length;
  if (place === 0) {
    at.right1++;
  }
  if (place >= 0 && place < 5) {
    at.right5++;
  }
  if (place >= 0 && place < 20) {
    at.right20++;
  }
  if (place >= 0) {
    at.any++;
  }
  texts.write(
    `${JSON.stringify({ id: entry.id, database: entry.database, question: entry.question, gold: entry.gold, place, forms: kept.map((other) => other.form), kept: kept.map((other) => `${other.right ? '+' : '-'} ${other.sql}`) })}\n`,
  );
  group++;
}
appendFileSync(cacheFile, fresh.map((line) => `${line}\n`).join(''));
stream.end();
texts.end();
writeFileSync(
  `${out}/candidate-features.json`,
  JSON.stringify({ names: namesOf(candidateFeatures), categorical: classNamesOf(candidateFeatures) }),
);
console.log(at, `${(at.milliseconds / cases.length).toFixed(1)} ms a case`);
console.log([...failures].sort((a, b) => b[1] - a[1]).slice(0, 5));
