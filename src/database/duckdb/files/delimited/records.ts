/** One record of delimited text. */
export interface Record {
  readonly cells: readonly string[];
  /** Whether a cell stood in quotes, by its place. */
  readonly quoted: readonly boolean[];
}

/** Takes the beginning of a delimited text apart (RFC 4180). What is cut at the end of it is left out. */
export function recordsOf(
  text: string,
  delimiter: string,
  quote: string,
  isWhole: boolean,
  most = 5000,
): readonly Record[] {
  const records: Record[] = [];
  let cells: string[] = [];
  let quoted: boolean[] = [];
  let at = 0;
  const endRecord = (): void => {
    records.push({ cells, quoted });
    cells = [];
    quoted = [];
  };
  while (at < text.length && records.length < most) {
    const isQuoted = quote !== '' && text[at] === quote;
    let cell = '';
    if (isQuoted) {
      let end = at + 1;
      for (;;) {
        const next = text.indexOf(quote, end);
        if (next < 0) {
          // An open quote at the end is a record that is cut.
          return isWhole
            ? [...records, { cells: [...cells, text.slice(at)], quoted: [...quoted, false] }]
            : records;
        }
        if (text[next + 1] !== quote) {
          cell += text.slice(end, next);
          at = next + 1;
          break;
        }
        cell += text.slice(end, next + 1);
        end = next + 2;
      }
    }
    let end = at;
    while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') {
      end += 1;
    }
    cells.push(cell + text.slice(at, end));
    quoted.push(isQuoted);
    at = end;
    if (at >= text.length) {
      break;
    }
    if (text[at] === delimiter) {
      at += 1;
      if (at >= text.length) {
        cells.push('');
        quoted.push(false);
      }
      continue;
    }
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
    endRecord();
  }
  if (cells.length > 0 && isWhole) {
    endRecord();
  }
  return records;
}
