import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { SqlqError } from '../../errors.ts';
import type { ResultColumn, Value } from '../../result.ts';
import type { Renderer } from '../renderer.ts';
import { valueText } from '../value.ts';
import { isDate, isTimestamp, type Shape, type Stored, shapeOf } from './shape.ts';

/** So many cells, or bytes of texts, are held and then written as one group of rows; the first tells the types of columns. */
const groupCells = 400_000;
const groupRows = 50_000;
const groupBytes = 32 << 20;

/** A column under way. */
interface Column {
  readonly name: string;
  readonly of: ResultColumn;
  /** The values of the group, NULL as null. */
  values: Value[];
  /** Whether its text holds what is no text in the database. */
  isMixed: boolean;
}

/** A Parquet file, a group of rows at a time, with the types that the columns have. */
export function createParquetRenderer(): Renderer {
  const writer = new ByteWriter();
  let columns: readonly Column[] = [];
  let shapes: readonly Shape[] | null = null;
  let file: ParquetWriter | null = null;
  let held = 0;
  let heldBytes = 0;
  let written = 0;

  /** The file, whose columns have their types from now on. */
  const begun = (): { readonly file: ParquetWriter; readonly shapes: readonly Shape[] } => {
    shapes ??= columns.map(({ of, values }) => shapeOf(of, values));
    file ??= new ParquetWriter({
      writer,
      schema: [
        { name: 'schema', num_children: columns.length },
        ...columns.map(({ name }, index) => ({ ...shapes?.[index]?.element, name })),
      ],
      createdBy: 'sqlq',
    });
    return { file, shapes };
  };
  const writeGroup = (): void => {
    const { file: open, shapes: fixed } = begun();
    if (held > 0) {
      const columnData = columns.map((column, index) => ({
        name: column.name,
        data: column.values.map((value, row) => storedOf(column, fixed[index], value, written + row)),
      }));
      void open.write({ columnData, rowGroupSize: held });
    }
    written += held;
    held = 0;
    heldBytes = 0;
    for (const column of columns) {
      column.values = [];
    }
  };
  const take = (): Uint8Array => {
    const piece = Uint8Array.from(writer.getBytes());
    writer.index = 0;
    return piece;
  };

  return {
    begin(found) {
      columns = named(found);
      return take();
    },
    rows(batch) {
      for (const row of batch) {
        for (const [index, { values }] of columns.entries()) {
          const value = row[index] ?? null;
          values.push(value);
          heldBytes += typeof value === 'string' || value instanceof Uint8Array ? value.length : 8;
        }
        held += 1;
        if (held >= groupRows || held * columns.length >= groupCells || heldBytes >= groupBytes) {
          writeGroup();
        }
      }
      return take();
    },
    end() {
      writeGroup();
      void begun().file.finish();
      return take();
    },
    notes: () => [...renamedNote(columns), ...mixedNote(columns)],
  };
}

/** Names of columns of a file are not the same twice. */
function named(found: readonly ResultColumn[]): readonly Column[] {
  const taken = new Set<string>();
  return found.map((of) => {
    let name = of.name;
    for (let count = 2; taken.has(name); count++) {
      name = `${of.name}_${count}`;
    }
    taken.add(name);
    return { name, of, values: [], isMixed: false };
  });
}

function storedOf(column: Column, shape: Shape | undefined, value: Value, row: number): Stored | null {
  if (value === null || shape === undefined) {
    return null;
  }
  const { name, of } = column;
  const stored = shape.of(value);
  if (stored === null) {
    const text = (valueText(value, of) ?? '').slice(0, 40);
    throw new SqlqError(
      'failed',
      `Row ${(row + 1).toLocaleString('en')} has '${text}' in the column ${name}, which the rows before it make a column of type ${shape.word}.`,
      { hint: 'Cast the column to one type in the SQL, or write another format, such as --output rows.csv' },
    );
  }
  column.isMixed ||= shape.word === 'text' && (typeof value !== 'string' || hasType(of));
  return stored;
}

/** Whether texts of a column have a type of their own. */
function hasType({ kind, type }: ResultColumn): boolean {
  return kind === 'number' || (kind === 'text' && (isDate(type) || isTimestamp(type)));
}

function renamedNote(columns: readonly Column[]): readonly string[] {
  const renamed = columns.filter(({ name, of }) => name !== of.name).map(({ name }) => name);
  return renamed.length === 0
    ? []
    : [`A Parquet file has each name once; columns are called otherwise in it: ${renamed.join(', ')}.`];
}

function mixedNote(columns: readonly Column[]): readonly string[] {
  const mixed = columns.filter(({ isMixed }) => isMixed).map(({ name }) => name);
  return mixed.length === 0
    ? []
    : [`Columns stand as text, as no one type of Parquet holds all their values: ${mixed.join(', ')}.`];
}
