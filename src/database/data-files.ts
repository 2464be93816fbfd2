/** Files that were named together, each of them absolute. */
export interface DataFiles {
  /** As the user wrote it. */
  readonly written: string;
  /** What leads there from any folder: an absolute path or pattern; `-` for standard input. */
  readonly place: string;
  /** What it is called for short: a file's or a folder's name, or what a pattern begins with. */
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'pattern';
  readonly files: readonly string[];
  /** What lies in a folder and is not read. */
  readonly leftOut: readonly string[];
  /** What would be read, and is a link that leads out of the folder. */
  readonly linksOut: readonly string[];
}

/** Files that are read as a database. */
export interface Reading {
  readonly sources: readonly DataFiles[];
  /** What the user says of columns, as `orders.price=decimal`. */
  readonly types: readonly string[];
  /** What the user says of how the files are written, as `delimiter=tab`. */
  readonly words: readonly string[];
}
