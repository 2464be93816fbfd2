import { createWriteStream } from 'node:fs';
import { analyse } from '../../src/offline/analysis/analysis.ts';
import { phrasesOf } from '../../src/offline/rank/wording.ts';
import { databases, foldsOf, readCases, shortened } from './corpus.ts';
import { goldForm } from './gold-form.ts';

/** Writes the phrases of every question and the form of its gold query. Usage: node bench/train/forms.ts OUT */
const out = process.argv[2] ?? '/tmp/sqlq-train';
const cases = readCases(out);
const foldOf = foldsOf(cases);
const open = await databases(out);
const stream = createWriteStream(`${out}/forms.jsonl`);
for (const entry of [...cases, ...shortened(cases)]) {
  const { prepared } = open(entry.database);
  const form = await goldForm(entry.gold);
  if (form === null) {
    continue;
  }
  const analysis = analyse(entry.question, prepared.schemaIndex, prepared.linker, prepared.lookup);
  stream.write(
    `${JSON.stringify({ fold: foldOf.get(entry.database), form, phrases: [...phrasesOf(analysis)].filter((phrase) => !/[\t\n]/.test(phrase)) })}\n`,
  );
}
stream.end();
