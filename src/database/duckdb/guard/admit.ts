import { type Admission, admitted, type Parameter, type Verdict } from '../../admitted-statement.ts';
import type { HidePatterns } from '../../pattern.ts';
import { withPlaceholders } from '../../placeholders.ts';
import { type Connection, type Instance, openInstance } from '../session.ts';
import type { Ask } from './ask.ts';
import { type Catalog, readEngine, readMade } from './catalog.ts';
import type { Copy, GuardSetup } from './context.ts';
import { judge } from './guard.ts';
import { type Visibility, visibilityOf } from './hidden/visibility.ts';
import { LexError } from './syntax/lex.ts';
import { type Parser, parserOf } from './syntax/parser.ts';
import { namedPlaces } from './syntax/places.ts';
import { forbidden } from './words.ts';

/** An admission, and the tables and views that the statement names; of a change the one that it changes. */
export interface DuckAdmission extends Admission {
  readonly tables: readonly string[];
}

/** The guard of a database. */
export interface Guard {
  /**
   * Judges a statement with `:name` for its values, and admits it where its kind is one of `kinds`. Throws a SqlqError
   * `usage` for a value that is no number.
   */
  admit(
    connection: Connection,
    sql: string,
    parameters: readonly Parameter[],
    kinds: readonly Verdict['kind'][],
  ): Promise<DuckAdmission>;
  /** Which columns a description of the database may tell of. */
  visibility(connection: Connection): Promise<Visibility>;
  close(): void;
}

/**
 * `files`: the paths and patterns that were asked about, as our own views over them name them; `shownAs` gives the name that
 * people know a relation of an attached file by.
 */
export function guardOf(
  hidden: HidePatterns,
  files: ReadonlySet<string> = new Set(),
  shownAs: GuardSetup['shownAs'] = () => null,
): Guard {
  const empty = emptyInstance();
  // Nobody changes what a database that can't be written holds.
  const catalogs = new WeakMap<object, Promise<Catalog>>();
  const copies = keepCopies();
  const setupFor = async (connection: Connection): Promise<GuardSetup> => {
    const { parser, engine } = await empty.ready();
    const ask = askOf(connection);
    const readCatalog = (): Promise<Catalog> => {
      const known = catalogs.get(connection.instance);
      const found = known ?? readMade(ask).then((made) => ({ ...engine, ...made }));
      if (known === undefined && connection.access === 'READ_ONLY') {
        catalogs.set(connection.instance, found);
      }
      return found;
    };
    return { ask, copyOf: copies.of, parser, readCatalog, hidden, files, shownAs };
  };
  return {
    async admit(connection, sql, parameters, kinds) {
      const placed = textAndValues(sql, parameters);
      if ('problem' in placed) {
        return { verdict: forbidden(placed.problem), statement: null, tables: [] };
      }
      const { text, values } = placed;
      const { verdict, tables } = await judge(await setupFor(connection), text, values.length);
      const { kind } = verdict;
      const isAdmitted = kind !== 'forbidden' && kind !== 'syntax' && kinds.includes(kind);
      return { verdict, statement: isAdmitted ? admitted(text, values, kind) : null, tables };
    },
    async visibility(connection) {
      const setup = await setupFor(connection);
      return visibilityOf({ ...setup, catalog: await setup.readCatalog() });
    },
    close() {
      empty.close();
      copies.close();
    },
  };
}

function textAndValues(
  sql: string,
  parameters: readonly Parameter[],
): ReturnType<typeof withPlaceholders> | { readonly problem: string } {
  try {
    const places = parameters.length === 0 ? [] : namedPlaces(sql);
    return withPlaceholders(sql, places, parameters, { write: (index) => `$${index + 1}`, repeats: false });
  } catch (error) {
    if (error instanceof LexError) {
      return { problem: error.message };
    }
    throw error;
  }
}

const askOf =
  ({ rows }: Pick<Connection, 'rows'>): Ask =>
  async (sql, values) =>
    (await rows(sql, values)).map((row) => row.map((value) => (value === null ? null : String(value))));

const openEmpty = (): Promise<Instance> => openInstance({ path: ':memory:', access: 'READ_WRITE' });

async function emptyDatabase(): Promise<{ readonly ask: Ask; close(): void }> {
  const instance = await openEmpty();
  const connection = await instance.connect();
  return {
    ask: askOf(connection),
    close() {
      connection.close();
      instance.close();
    },
  };
}

/** Copies for as long as the catalog is the same; the one before is closed. */
function keepCopies(): { of(catalog: Catalog): Promise<Copy>; close(): void } {
  let kept: { readonly catalog: Catalog; readonly copy: ReturnType<typeof emptyDatabase> } | null = null;
  const close = (): void => {
    void kept?.copy.then((copy) => copy.close());
    kept = null;
  };
  const made = new WeakMap<Catalog, Set<string>>();
  return {
    async of(catalog) {
      if (kept?.catalog !== catalog) {
        close();
        kept = { catalog, copy: emptyDatabase() };
        made.set(catalog, new Set());
      }
      return { ask: (await kept.copy).ask, made: made.get(catalog) ?? new Set() };
    },
    close,
  };
}

interface Empty {
  readonly parser: Parser;
  readonly engine: Awaited<ReturnType<typeof readEngine>>;
}

/** An empty database, opened once it is needed, whose parser and lists of functions are the engine's own for certain. */
function emptyInstance(): { ready(): Promise<Empty>; close(): void } {
  let opened: Promise<{ readonly empty: Empty; close(): void }> | null = null;
  const open = async () => {
    const { ask, close } = await emptyDatabase();
    return { empty: { parser: parserOf(ask), engine: await readEngine(ask) }, close };
  };
  return {
    async ready() {
      opened ??= open();
      return (await opened).empty;
    },
    close() {
      void opened?.then(({ close }) => close());
      opened = null;
    },
  };
}
