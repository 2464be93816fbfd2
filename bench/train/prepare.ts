import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { analyse } from '../../src/offline/analysis/analysis.ts';
import { classNamesOf, type FeatureTable, namesOf } from '../../src/offline/analysis/feature.ts';
import { filterFeatures } from '../../src/offline/grammar/filter/item.ts';
import { havingFeatures } from '../../src/offline/grammar/having.ts';
import { orderFeatures } from '../../src/offline/grammar/order.ts';
import { selectFeatures } from '../../src/offline/grammar/select.ts';
import { itemsOf } from '../../src/offline/parse.ts';
import { databases, foldsOf, readCases, shortened } from './corpus.ts';
import { goldParts } from './gold.ts';
import { labeller } from './labels.ts';

/**
 * Writes the training rows of each kind of part: the features of every item of every question, its fold, and whether
 * the gold query has it. Usage: node bench/train/prepare.ts OUT
 */
const out = process.argv[2] ?? '/tmp/sqlq-train';
const verbose = process.argv[3];
mkdirSync(out, { recursive: true });
const cases = readCases(out);
const foldOf = foldsOf(cases);
const open = await databases(out);
const kinds = ['select', 'filter', 'order', 'having'] as const;
const streams = Object.fromEntries(kinds.map((kind) => [kind, createWriteStream(`${out}/${kind}.f32`)]));
const recall = { cases: 0, select: 0, filter: 0, order: 0, having: 0, all: 0, unread: 0 };
const missing: string[] = [];
const started = performance.now();
let group = 0;
for (const entry of [...cases, ...shortened(cases)]) {
  const { prepared } = open(entry.database);
  const gold = await goldParts(entry.gold, prepared.schemaIndex);
  if (gold === null) {
    recall.unread++;
    continue;
  }
  const analysis = analyse(entry.question, prepared.schemaIndex, prepared.linker, prepared.lookup);
  const items = itemsOf(analysis);
  const label = labeller(prepared.schemaIndex, gold);
  const labels = {
    select: items.select.map(label.select),
    filter: items.filter.map(label.filter),
    order: items.order.map(label.order),
    having: items.having.map(label.having),
  };
  recall.cases++;
  const found = {
    select: [...gold.select].every((text) => items.select.some((item) => label.selectText(item) === text)),
    filter: [...gold.filter].every((text) =>
      text.startsWith('notin')
        ? labels.filter.includes(true)
        : items.filter.some((item) => label.filterText(item) === text),
    ),
    order: labels.order.includes(true),
    having: labels.having.includes(true),
  };
  for (const kind of kinds) {
    if (found[kind]) {
      recall[kind]++;
    }
  }
  if (kinds.every((kind) => found[kind])) {
    recall.all++;
  }
  if (verbose !== undefined && !found[verbose as 'select']) {
    missing.push(`${entry.database}: ${entry.question}\n    ${entry.gold}`);
  }
  for (const kind of kinds) {
    items[kind].forEach((item, index) => {
      const row = Float32Array.from([
        labels[kind][index] === true ? 1 : 0,
        foldOf.get(entry.database) ?? 0,
        group,
        ...item.features,
      ]);
      streams[kind]?.write(Buffer.from(row.buffer));
    });
  }
  group++;
}
for (const kind of kinds) {
  streams[kind]?.end();
}
writeFileSync(
  `${out}/features.json`,
  JSON.stringify({
    select: described(selectFeatures),
    filter: described(filterFeatures),
    order: described(orderFeatures),
    having: described(havingFeatures),
  }),
);
console.log(recall, `${((performance.now() - started) / cases.length).toFixed(1)} ms a case`);
if (verbose !== undefined) {
  console.log(missing.filter((_, index) => index % Math.ceil(missing.length / 60) === 0).join('\n'));
}

function described<Input>(features: FeatureTable<Input>) {
  return { names: namesOf(features), categorical: classNamesOf(features) };
}
