/**
 * Puts the training questions and databases where training looks for them, FOLDER/corpus: `cases.jsonl`, a question with
 * its gold query a line, and `sqlite/NAME.sqlite`.
 *
 * They are those of the training set of Spider 1.0 (https://yale-lily.github.io/spider, CC BY-SA 4.0) on the 97 databases
 * that `corpus.sha256` names. SOURCE is a folder that has them in this form already, or Spider's own `spider_data`,
 * unpacked; without it, Spider's archive is fetched from the place that its page links to (`unzip` is needed). What was
 * trained on is known by its hashes: a corpus that differs is refused unless --changed says that it may.
 *
 * usage: node bench/train/fetch.ts FOLDER [SOURCE] [--changed]
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { z } from 'zod';

const archive =
  'https://drive.usercontent.google.com/download?id=1403EGqzIDoHMdQF4c9Bkyl7dZLZ5Wt6J&export=download&confirm=t';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { changed: { type: 'boolean', default: false } },
});
const [folder = '/tmp/sqlq-train', given] = positionals;
const corpus = join(folder, 'corpus');
const hashes = new Map(
  readFileSync(new URL('corpus.sha256', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [hash = '', file = ''] = line.split('  ');
      return [file, hash];
    }),
);
const databases = [...hashes.keys()].filter((file) => file.endsWith('.sqlite'));

rmSync(corpus, { recursive: true, force: true });
mkdirSync(join(corpus, 'sqlite'), { recursive: true });
const source = given ?? (await fetched());
if (existsSync(join(source, 'cases.jsonl'))) {
  copied(source);
} else {
  converted(source);
}
const differing = [...hashes]
  .filter(([file, hash]) => hashOf(join(corpus, file)) !== hash)
  .map(([file]) => file);
if (differing.length > 0 && !values.changed) {
  console.error(
    `${differing.length} of ${hashes.size} files are not those that the weights were trained on, ${differing[0]} first. Weights that are trained on them will differ; with --changed they are taken all the same.`,
  );
  rmSync(corpus, { recursive: true });
  process.exitCode = 1;
} else {
  console.log(`${databases.length} databases in ${corpus}`);
}

/** Fetches and unpacks Spider's own archive. */
async function fetched(): Promise<string> {
  console.log(`fetching Spider 1.0 (CC BY-SA 4.0, about 200 MB) from ${archive}`);
  const response = await fetch(archive);
  if (!response.ok) {
    throw new Error(`${archive} answered ${response.status} ${response.statusText}.`);
  }
  const file = join(folder, 'spider_data.zip');
  writeFileSync(file, Buffer.from(await response.arrayBuffer()));
  execFileSync('unzip', ['-qo', file, '-d', folder]);
  return join(folder, 'spider_data');
}

function copied(from: string): void {
  for (const file of hashes.keys()) {
    copyFileSync(join(from, file), join(corpus, file));
  }
}

/** Takes the questions whose gold query returns rows. */
function converted(from: string): void {
  const entries = z
    .array(z.object({ db_id: z.string(), question: z.string(), query: z.string() }))
    .parse(JSON.parse(readFileSync(join(from, 'train_spider.json'), 'utf8')));
  const lines: string[] = [];
  for (const file of databases) {
    const name = file.replace(/^sqlite\/|\.sqlite$/gu, '');
    copyFileSync(join(from, 'database', name, `${name}.sqlite`), join(corpus, file));
    const database = new Database(join(corpus, file), { readonly: true });
    for (const { db_id, question, query } of entries) {
      if (db_id === name && returnsRows(database, query)) {
        lines.push(
          JSON.stringify({
            id: `spider-train-${String(lines.length).padStart(4, '0')}`,
            database: name,
            question,
            gold: { sqlite: query },
          }),
        );
      }
    }
    database.close();
  }
  writeFileSync(join(corpus, 'cases.jsonl'), `${lines.join('\n')}\n`);
}

function returnsRows(database: Database.Database, query: string): boolean {
  try {
    return database.prepare(query).get() !== undefined;
  } catch {
    return false;
  }
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
