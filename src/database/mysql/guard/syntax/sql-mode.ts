/** What of a server's `sql_mode` changes how a text is cut into tokens. */
export interface SqlMode {
  /** ANSI_QUOTES: what stands between double quotes is a name, else a text. */
  readonly ansiQuotes: boolean;
  /** NO_BACKSLASH_ESCAPES: a backslash in a text is itself, else it begins an escape. */
  readonly noBackslashEscapes: boolean;
  /** MSSQL of MariaDB: what stands between square brackets is a name. */
  readonly bracketNames: boolean;
}

/** How the server writes what it keeps: the text of a view is printed anew, whatever mode it was made with. */
export const plainMode: SqlMode = { ansiQuotes: false, noBackslashEscapes: false, bracketNames: false };

/** The mode that a list such as `@@sql_mode` means; null for ORACLE, which is another language. */
export function sqlModeOf(list: string): SqlMode | null {
  const modes = new Set(list.split(',').map((mode) => mode.trim()));
  if (modes.has('ORACLE')) {
    return null;
  }
  return {
    ansiQuotes: modes.has('ANSI_QUOTES'),
    noBackslashEscapes: modes.has('NO_BACKSLASH_ESCAPES'),
    bracketNames: modes.has('MSSQL'),
  };
}
