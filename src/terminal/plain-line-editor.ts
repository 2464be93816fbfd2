import type { LineEditor, LineEditorOptions } from './edited-lines.ts';
import { readLine } from './read-line.ts';
import type { Streams } from './streams.ts';

/** Reads lines as the terminal edits them, for one that moves no cursor: without completion, history and keys. */
export function createPlainLineEditor(
  { stdin, stderr }: Streams,
  { isWhole }: Pick<LineEditorOptions, 'isWhole'>,
): LineEditor {
  const closing = new AbortController();
  const typed = async (prompt: string): Promise<string | null> => {
    stderr.write(prompt);
    return readLine(stdin, closing.signal).catch(() => null);
  };
  return {
    async read(prompt, continuation) {
      const lines: string[] = [];
      for (;;) {
        const line = await typed(lines.length === 0 ? prompt : continuation);
        if (line === null) {
          if (!closing.signal.aborted) {
            stderr.write('\n');
          }
          return null;
        }
        const goesOn = line.endsWith('\\');
        lines.push(goesOn ? line.slice(0, -1) : line);
        const text = lines.join('\n');
        if (!goesOn && isWhole(text)) {
          return text;
        }
      }
    },
    // Ctrl-C comes as a signal here, which a session hears of by itself.
    during: (_interrupt, work) => work(),
    lend: (work) => work(),
    above: (write) => write(),
    close: () => closing.abort(),
  };
}
