/** One value as text that compares: numbers to nine significant digits, whatever their type; null apart from 'null'. */
export function normaliseValue(value: unknown): string {
  if (value === null || value === undefined) {
    return '\0null';
  }
  if (typeof value === 'boolean') {
    return value ? '1' : '0';
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    return numberText(Number(value));
  }
  if (value instanceof Uint8Array) {
    return Buffer.from(value).toString('hex');
  }
  if (value instanceof Date) {
    return value.toISOString();
  }
  const text = String(value);
  if (/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text) && text.length < 20) {
    return numberText(Number(text));
  }
  return text;
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(9)));
}

/**
 * Whether two results are the same: the same rows as multisets, or as lists where `ordered`; columns may stand in any
 * order, and their names do not count. Where `more`, the right one may have columns that the left one lacks.
 */
export function sameRows(
  left: readonly (readonly unknown[])[],
  right: readonly (readonly unknown[])[],
  { ordered, more = false }: { readonly ordered: boolean; readonly more?: boolean },
): boolean {
  if (left.length !== right.length) {
    return false;
  }
  if (left.length === 0) {
    return true;
  }
  const width = left[0]?.length ?? 0;
  const rightWidth = right[0]?.length ?? 0;
  if (more ? width > rightWidth : width !== rightWidth) {
    return false;
  }
  const a = left.map((row) => row.map(normaliseValue));
  const b = right.map((row) => row.map(normaliseValue));
  const signature = (rows: readonly string[][], column: number): string =>
    rows
      .map((row) => row[column] ?? '')
      .sort()
      .join('\u0001');
  const signaturesA = Array.from({ length: width }, (_, column) => signature(a, column));
  const signaturesB = Array.from({ length: rightWidth }, (_, column) => signature(b, column));
  const key = (rows: readonly string[][], order: readonly number[]): string => {
    const texts = rows.map((row) => order.map((column) => row[column] ?? '').join('\u0002'));
    return (ordered ? texts : texts.sort()).join('\u0003');
  };
  const wanted = key(
    a,
    Array.from({ length: width }, (_, column) => column),
  );
  const search = (order: number[]): boolean => {
    if (order.length === width) {
      return key(b, order) === wanted;
    }
    for (let column = 0; column < rightWidth; column++) {
      if (
        !order.includes(column) &&
        signaturesA[order.length] === signaturesB[column] &&
        search([...order, column])
      ) {
        return true;
      }
    }
    return false;
  };
  return search([]);
}
