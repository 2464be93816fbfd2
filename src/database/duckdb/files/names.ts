/** Endings that say how a file is packed or written, and nothing of what is in it. */
const endings =
  /\.(?:csv|tsv|tab|psv|txt|log|dat|json|ndjson|jsonl|geojson|parquet|pq|xlsx|xlsm|xls|gz|gzip|zst|zstd|duckdb|ddb|db)$/iu;

const longestName = 60;
const longestColumn = 120;

/** A file's name as the name of a table: `Umsatz 2024 (final).csv` is `umsatz_2024_final`. */
export function tableName(file: string): string {
  let stem = file;
  while (endings.test(stem)) {
    stem = stem.replace(endings, '');
  }
  const words = stem
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_+|_+$/gu, '')
    .slice(0, longestName);
  if (words === '') {
    return 'data';
  }
  return /^\p{N}/u.test(words) || reserved.has(words) ? `data_${words}` : words;
}

/** A name that no other one has, whatever the case of its letters; it is one of them from then on. */
export function uniqueName(wanted: string, taken: Set<string>): string {
  let own = wanted;
  for (let number = 2; taken.has(own.toLowerCase()); number++) {
    own = `${wanted}_${number}`;
  }
  taken.add(own.toLowerCase());
  return own;
}

/** The name of a column, and the header's own words where they differ. */
export interface ColumnName {
  readonly name: string;
  readonly comment: string | null;
}

/** Names of columns of the cells of a header: distinct, without what can't be seen, and as they are otherwise. */
export function columnNames(header: readonly string[] | null, width: number): readonly ColumnName[] {
  const taken = new Set<string>();
  return Array.from({ length: width }, (_, index) => {
    const written = header?.[index] ?? '';
    const clean = written
      .replaceAll(/[\p{C}\s]+/gu, ' ')
      .trim()
      .slice(0, longestColumn);
    const name = uniqueName(clean === '' ? `column${index + 1}` : clean, taken);
    const isAsWritten = written.trim() === '' || name === written.trim();
    return { name, comment: isAsWritten ? null : `in the file: ${JSON.stringify(written.slice(0, 200))}` };
  });
}

/** Words that DuckDB reserves, and a file may well be called by. */
const reserved = new Set(
  'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default deferrable desc describe distinct do else end except false fetch for foreign from grant group having in initially intersect into lambda lateral leading limit not null offset on only or order pivot placing primary qualify references returning select show some summarize symmetric table then to trailing true union unique unpivot using variadic when where window with'.split(
    ' ',
  ),
);
