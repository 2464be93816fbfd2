import type { Naming } from '../schema/identifier.ts';
import type { Lexicon } from '../schema/pieces.ts';

/** A grammar of `node-sql-parser`. */
export type Grammar = 'mariadb' | 'mysql' | 'postgresql' | 'sqlite' | 'trino';

/** A part of a date by which rows are grouped. */
export type DatePart = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'weekday' | 'weekday number';

/**
 * How a column that has no type of dates keeps them: days or moments of ISO 8601 as text, by the clock that they show;
 * `DD.MM.YYYY`, `DD/MM/YYYY` or `MM/DD/YYYY` as text; `YYYYMMDD` as text or number; seconds or milliseconds since 1970 in UTC.
 */
export type StoredDate =
  | 'iso'
  | 'day first'
  | 'day first, slashes'
  | 'month first, slashes'
  | 'digits'
  | 'seconds'
  | 'milliseconds';

/** What a URL, or a variable, may say of a server. */
export type ServerField =
  | 'host'
  | 'port'
  | 'user'
  | 'database'
  | 'socket'
  | 'mode'
  | 'ca'
  | 'certificate'
  | 'key';

/** Databases that are files. */
export interface FileAddress {
  readonly kind: 'file';
  /** Lower case, without the colon; the first is the one to show. */
  readonly schemes: readonly string[];
  /** How the names of its files end, lower case, with the dot; the first is the one to show. */
  readonly endings: readonly string[];
  /** By which bytes its files are known, one character a byte, and where in them they stand; null where there are none. */
  readonly signature: { readonly at: number; readonly text: string } | null;
  /** A `file:` URL and a bare path mean this engine where no engine knows the file by its bytes or its name. */
  readonly takesOtherPaths: boolean;
  /** Endings of files that are no databases, and that the engine reads as one, perhaps packed; none where it does not. */
  readonly dataEndings: readonly string[];
  /** Endings of the files that the engine keeps beside one of its own. */
  readonly besides: readonly string[];
}

/** Databases that a server holds. */
export interface ServerAddress {
  readonly kind: 'server';
  /** Lower case, without the colon; SQLAlchemy's `+driver` and Java's `jdbc:` may stand around each. */
  readonly schemes: readonly string[];
  /** Those of the schemes that a hint shows. */
  readonly shownSchemes: readonly string[];
  /** The parameters of a URL that pass, under all their usual names. A driver knows many more, some of which turn guards off. */
  readonly parameters: Readonly<Record<string, ServerField | 'password'>>;
  /** Parameters that ask for the whole check of a server's certificate by this value, in lower case, and for less by any other. */
  readonly strictParameters: Readonly<Record<string, string>>;
  /** Parameters of other programs that say nothing of where, or how safely, sqlq connects; lower case. They are left out. */
  readonly ignoredParameters: ReadonlySet<string>;
  /** The environment variables of the engine's own clients, by what they say; the first that is set counts. */
  readonly variables: Readonly<Record<ServerField | 'password', readonly string[]>>;
  readonly defaultPort: number;
  readonly defaultUser: string;
  /** A host that begins with a slash is the folder of a socket. */
  readonly hostMayBeFolder: boolean;
  /** Where no database is named, it is the one that is called like the user. */
  readonly databaseIsUser: boolean;
  /** Passwords may stand in libpq's `.pgpass`. */
  readonly readsPgpass: boolean;
  /** Where the engine's own clients keep addresses: libpq's services by name, MySQL's option file, or nowhere. */
  readonly clientFile: 'pg_service.conf' | '.my.cnf' | null;
}

/** The fixed words of an engine's errors: what a model may be told of them. */
export interface EngineMessages {
  /** Codes that errors of a statement have, such as SQLSTATEs; a code that is none of these may be data. */
  readonly codes: ReadonlySet<string>;
  /**
   * Whole texts: `%s` is a name or a literal, `%t` types, operators or others of its `words`, `%d` a number, `%q` a piece of
   * SQL, `%v` what may be a value that was computed: which of a statement's own literals comes back in its place would
   * tell which of them a row holds, so it is shown only where the engine points at a place of the statement.
   */
  readonly templates: readonly string[];
  /** Words that may stand for `%t`, in lower case. */
  readonly words: ReadonlySet<string>;
}

/**
 * All that differs between engines and is data or a pure function. It holds for every version that an adapter takes;
 * nothing of it loads a driver.
 */
export interface SqlDialect extends Naming, Lexicon {
  /** Its name among the engines. */
  readonly name: string;
  readonly address: FileAddress | ServerAddress;
  /** A text as a literal. */
  writeText(text: string): string;
  /** A day or a moment of ISO 8601 as a literal that compares with a column of dates. */
  writeDate(text: string): string;
  /** The database's words for text that it can't read; the group `near` is the word there, `rest` all from there on. */
  readonly syntaxErrors: readonly RegExp[];
  /** A truth as a column of truths is compared with: a text or a number. */
  writeTruth(value: boolean): string | number;
  /** The condition that a text matches a pattern, or does not, whatever the case of letters. */
  writeLike(text: string, operator: 'LIKE' | 'NOT LIKE', pattern: string): string;
  /** NULL comes first in ascending order unless told. */
  readonly nullsSortFirst: boolean;
  /** A quotient of integers drops its fraction. */
  readonly dropsFractions: boolean;
  /** A type for numbers with fractions, as CAST takes it. */
  readonly numberType: string;
  /** Numbers that are stored as text are added as they are. */
  readonly addsTexts: boolean;
  /**
   * A part of a date as text that sorts as time does: 2024, 2024-Q1, 2024-03, 2024-W07 (ISO 8601 weeks), 2024-03-09; or
   * the weekday's English name, or its number (0 is Sunday).
   */
  writeDatePart(part: DatePart, column: string): string;
  /** The number of a weekday as the part of a date compares with it. */
  writeWeekdayNumber(day: number): string;
  /** What a column keeps as text or as a number, as a date that compares with a literal such as '2024-03-09'. */
  writeStoredDate(form: StoredDate, column: string): string;
  /** The grammars of `node-sql-parser` that read most of its SELECTs, the best first. */
  readonly grammars: readonly Grammar[];
  /** The language's name for `sql-formatter`. */
  readonly formatterLanguage: 'sqlite' | 'postgresql' | 'mariadb' | 'trino';
  /** How a prompt says that identifiers are quoted. */
  readonly quotingInWords: string;
  /** Where the engines differ so that a query still runs, and gives another number: sentences for a prompt. */
  readonly habitsInWords: string;
  /** A statement that changes tables is committed by the engine itself: nothing can be taken back. */
  readonly commitsDefinitions: boolean;
  readonly messages: EngineMessages;
  /** Codes of errors by which a server says that it, or the account, has no connection left. */
  readonly tooManyConnections: ReadonlySet<string>;
  /** The driver does its work on the thread that calls it: only the death of its process ends a statement. */
  readonly blocksThread: boolean;
}
