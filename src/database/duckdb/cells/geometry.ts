import { doubleText } from './number.ts';

const names = [
  'GEOMETRY',
  'POINT',
  'LINESTRING',
  'POLYGON',
  'MULTIPOINT',
  'MULTILINESTRING',
  'MULTIPOLYGON',
  'GEOMETRYCOLLECTION',
];
/** By thousands in a geometry's number: which coordinates each place has besides two. */
const dimensions = ['', ' Z', ' M', ' ZM'];
/** Geometries within geometries, at most. */
const deepest = 100;

/**
 * The text of a geometry (WKT) from its bytes, well-known binary with the low bytes first:
 * https://www.ogc.org/standards/sfa. Throws a RangeError for bytes that are none.
 */
export function geometryText(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const count = (): number => {
    at += 4;
    return view.getUint32(at - 4, true);
  };
  const many = (item: () => string): string => {
    const items = Array.from({ length: count() }, item);
    return items.length === 0 ? 'EMPTY' : `(${items.join(', ')})`;
  };
  /** A place; one of NaN alone is none. */
  const place = (size: number): string | null => {
    const numbers = Array.from({ length: size }, (_, index) => view.getFloat64(at + index * 8, true));
    at += size * 8;
    return numbers.every(Number.isNaN) ? null : numbers.map(coordinate).join(' ');
  };
  const geometry = (depth: number, within: string | null): string => {
    if (depth > deepest) {
      throw new RangeError('the geometry is nested too deep');
    }
    at += 1;
    const code = count();
    const more = dimensions[Math.floor(code / 1000)] ?? '';
    const size = 2 + more.trim().length;
    const name = names[code % 1000] ?? '';
    const written = (): string => {
      switch (name) {
        case 'POINT': {
          const found = place(size);
          return found === null ? 'EMPTY' : within === 'MULTIPOINT' ? found : `(${found})`;
        }
        case 'LINESTRING':
          return many(() => place(size) ?? 'EMPTY');
        case 'POLYGON':
          return many(() => many(() => place(size) ?? 'EMPTY'));
        case 'MULTIPOINT':
        case 'MULTILINESTRING':
        case 'MULTIPOLYGON':
        case 'GEOMETRYCOLLECTION':
          return many(() => geometry(depth + 1, name));
        default:
          throw new RangeError(`no geometry has the number ${code}`);
      }
    };
    const isPart = within !== null && within !== 'GEOMETRYCOLLECTION';
    const text = written();
    return isPart ? text : `${name}${more} ${text}`;
  };
  return geometry(0, null);
}

/** A number without the `.0` that DuckDB has elsewhere. */
function coordinate(value: number): string {
  return doubleText(value).replace(/\.0$/u, '');
}
