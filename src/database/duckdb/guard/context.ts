import type { HidePatterns } from '../../pattern.ts';
import type { Ask } from './ask.ts';
import type { Catalog, Relation } from './catalog.ts';
import type { Parser } from './syntax/parser.ts';

/** An empty database in memory, out of reach of files, in which tables are made as statements name them. */
export interface Copy {
  readonly ask: Ask;
  /** The statements that were run in it to make them. */
  readonly made: Set<string>;
}

/** A name that people know a table by. */
export interface ShownName {
  readonly schema: string;
  readonly name: string;
}

/** What the guard of a connection knows before it sees a statement. */
export interface GuardSetup {
  /** Of the connection itself. */
  readonly ask: Ask;
  /** The copy without hidden columns that belongs to what the connection's databases hold. */
  readonly copyOf: (catalog: Catalog) => Promise<Copy>;
  readonly parser: Parser;
  /** What the connection's databases hold now. */
  readonly readCatalog: () => Promise<Catalog>;
  readonly hidden: HidePatterns;
  /** The paths and patterns of the files that were asked about, as our own views name them. */
  readonly files: ReadonlySet<string>;
  /** The name by which people know a table or view of a file that was attached. */
  readonly shownAs: (relation: Pick<Relation, 'catalog' | 'schema' | 'name'>) => ShownName | null;
}

/** What every rule of the guard may ask, while it looks at one statement. */
export interface GuardContext extends GuardSetup {
  readonly catalog: Catalog;
}

/** Why a statement is not admitted; thrown inside the guard alone. */
export class Refusal extends Error {}
