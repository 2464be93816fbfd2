import { headerOf } from './header.ts';
import { type Record, recordsOf } from './records.ts';

/** How a delimited text is written. */
export interface Dialect {
  /** '' where each line is one value. */
  readonly delimiter: string;
  readonly quote: string;
  /** Records before the first row, the header among them. */
  readonly skip: number;
  /** The header's cells; null where there is none. */
  readonly header: readonly string[] | null;
  /** How many cells a row has. */
  readonly width: number;
  /** Lines above the header that are no rows. */
  readonly titles: readonly string[];
  /** What was assumed, in parts of a sentence. */
  readonly assumed: readonly string[];
}

/** What a user says of how files are written. */
export interface DialectWords {
  readonly delimiter: string | null;
  /** Whether the first line is a header; null where nobody says it. */
  readonly header: boolean | null;
}

const delimiters = [',', ';', '\t', '|'];

/** Where no line is longer, lines may be values below a name. */
const longestName = 60;

/** Finds out how a delimited text is written, from its beginning; `leastShare` of its records have as many values as each other. */
export function sniff(text: string, isWhole: boolean, words: DialectWords, leastShare: number): Dialect {
  const declared = /^\uFEFF?sep=(.)\r?\n/iu.exec(text)?.[1] ?? null;
  const body = text.replace(/^\uFEFF/u, '');
  const delimiter = words.delimiter ?? declared;
  const candidates = (delimiter === null ? delimiters : [delimiter]).map((each) =>
    candidateOf(body, isWhole, each),
  );
  const [best] = candidates
    .filter(({ width, share }) => width > 1 && (share >= leastShare || delimiter !== null))
    .toSorted((a, b) => b.score - a.score);
  if (best === undefined) {
    return lines(body, isWhole, words);
  }
  const { records, width } = best;
  const first = declared === null ? 0 : 1;
  const start = startOf(records, width, first);
  const titles = records.slice(first, start).filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  const rows = records.slice(start);
  const { header, assumed } = headerOf(rows, width, words.header);
  return {
    delimiter: best.delimiter,
    quote: '"',
    skip: start + (header === null ? 0 : 1),
    header,
    width,
    titles: titles.map(({ cells }) => cells.join(best.delimiter)),
    assumed,
  };
}

interface Candidate {
  readonly delimiter: string;
  readonly records: readonly Record[];
  /** The width that most records have. */
  readonly width: number;
  /** The part of the records that has it. */
  readonly share: number;
  readonly score: number;
}

function candidateOf(text: string, isWhole: boolean, delimiter: string): Candidate {
  const records = recordsOf(text, delimiter, '"', isWhole);
  const filled = records.filter(({ cells }) => cells.length > 1 || cells[0] !== '');
  const widths = new Map<number, number>();
  for (const { cells } of filled) {
    widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1);
  }
  const [[width, count] = [0, 0]] = [...widths].toSorted(([a, m], [b, n]) => n - m || b - a);
  const share = filled.length === 0 ? 0 : count / filled.length;
  // A title above the table is no reason against a delimiter; a first row that is as wide as the rest is one for it.
  const isEven = filled[0]?.cells.length === width ? 0.5 : 0;
  const commonness = (delimiters.length - Math.max(delimiters.indexOf(delimiter), 0)) / 100;
  return { delimiter, records, width, share, score: share + isEven + Math.min(width, 20) / 50 + commonness };
}

/** The first record of the table: as wide as most, or a header that is a little narrower right before them. */
function startOf(records: readonly Record[], width: number, from: number): number {
  const at = records.findIndex((record, index) => index >= from && record.cells.length === width);
  const before = records[at - 1];
  if (at <= from || before === undefined) {
    return Math.max(at, from);
  }
  const isHeader =
    before.cells.length > 1 &&
    before.cells.length === width - 1 &&
    before.cells.every((cell) => cell.trim() !== '');
  return isHeader ? at - 1 : at;
}

/** A text of which each line is one value. */
function lines(text: string, isWhole: boolean, words: DialectWords): Dialect {
  const records = recordsOf(text, '\0', '"', isWhole);
  const filled = records.filter(({ cells }) => cells.some((cell) => cell !== ''));
  const start = Math.max(
    records.findIndex(({ cells }) => cells.some((cell) => cell !== '')),
    0,
  );
  const longest = Math.max(0, ...filled.map(({ cells }) => cells[0]?.length ?? 0));
  // A log, or prose: its lines have no name above them.
  const { header, assumed } =
    longest > longestName && words.header === null
      ? { header: ['line'], assumed: [] }
      : headerOf(filled, 1, words.header);
  const isNamed = longest > longestName && words.header === null;
  return {
    delimiter: '',
    quote: filled.some(({ quoted }) => quoted[0] === true) ? '"' : '',
    skip: start + (header === null || isNamed ? 0 : 1),
    header,
    width: 1,
    titles: [],
    assumed,
  };
}
