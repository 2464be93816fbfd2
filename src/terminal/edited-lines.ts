export interface LineEditorOptions {
  /** Earlier lines, newest first; the editor adds to them. */
  readonly history: readonly string[];
  /** What the end of a line may become, and how much of its end that replaces; `before` are the lines before it, of one text. */
  readonly complete: (line: string, before: string) => Promise<readonly [readonly string[], string]>;
  /** Whether a text of several lines is finished. */
  readonly isWhole: (text: string) => boolean;
  /** Called when Ctrl-C is pressed on an empty line. */
  readonly onIdleInterrupt: () => void;
}

/** Reads lines from a terminal, and minds the keyboard while something else runs. */
export interface LineEditor {
  /** The next text, of several lines where the user wanted that; null at Ctrl-D. */
  read(prompt: string, continuation: string): Promise<string | null>;
  /** Does work that reads no keys: Ctrl-C calls `interrupt`, all else that is typed waits for the next line. */
  during<Value>(interrupt: () => void, work: () => Promise<Value>): Promise<Value>;
  /** Does work that reads the keyboard itself, such as a question with choices or an editor. */
  lend<Value>(work: () => Promise<Value>): Promise<Value>;
  /** Writes above the line that is being typed. */
  above(write: () => void): void;
  close(): void;
}
