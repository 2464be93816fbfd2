import type { LineEditor } from '../terminal/edited-lines.ts';
import { createLineEditor } from '../terminal/line-editor.ts';
import { createPlainLineEditor } from '../terminal/plain-line-editor.ts';
import { cancelled } from '../terminal/prompt.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Vocabulary } from './complete.ts';
import type { LineHistory } from './history.ts';
import { isWhole } from './input.ts';
import type { Session } from './session.ts';

export interface InteractiveParts {
  readonly terminal: Terminal;
  readonly history: LineHistory;
  /** Makes the session, whose prompts and editor borrow the keyboard. */
  readonly begin: (editor: LineEditor) => Session;
  /** Shows an error as the program would. */
  readonly showError: (error: unknown) => Promise<void>;
  /** Hears of Ctrl-C sent as a signal while a session lasts; the function given back ends that. */
  readonly onInterrupt: (interrupt: () => void) => () => void;
  /** Ends the session from outside. */
  readonly signal: AbortSignal;
}

/** How long Tab waits for the stored values to be read. */
const valuesTimeoutMs = 700;

/** A session in a terminal: the prompt comes first, the schema is read while the user types. */
export async function interactive(parts: InteractiveParts): Promise<void> {
  const { terminal, history, signal } = parts;
  let vocabularies: ReturnType<typeof vocabularyReader> | null = null;
  const create = terminal.movesCursor ? createLineEditor : createPlainLineEditor;
  const editor = create(terminal.streams, {
    history: history.lines,
    isWhole,
    complete: async (line, before) => {
      const { argumentAt, complete, matching, noVocabulary } = await import('./complete.ts');
      const argument = argumentAt(line);
      switch (argument?.completes) {
        case 'databases':
        case 'profiles':
        case 'models':
          return matching(argument.typed, await session.workspace.choices(argument.completes));
        default:
          return complete(line, (await vocabularies?.read()) ?? noVocabulary, before);
      }
    },
    onIdleInterrupt: () => terminal.note('Ctrl-D or .exit leaves.'),
  });
  const session: Session = parts.begin(editor);
  vocabularies = vocabularyReader(session, signal);
  let step: AbortController | null = null;
  const interrupt = (): void => step?.abort(cancelled());
  const forgetInterrupt = parts.onInterrupt(interrupt);
  const leave = (): void => editor.close();
  signal.addEventListener('abort', leave, { once: true });
  try {
    terminal.note(
      terminal.style(
        'dim',
        terminal.escape(`${session.workspace.place} · .help lists commands, Ctrl-D leaves`),
      ),
    );
    while (!session.ended) {
      const prompt = `${terminal.style('cyan', terminal.escape(session.workspace.name))}> `;
      const typed = editor.read(prompt, '... ');
      vocabularies.warm();
      const text = await typed;
      if (text === null) {
        break;
      }
      if (text.trim() === '') {
        continue;
      }
      await history.add(text);
      step = new AbortController();
      const { signal: stepSignal } = step;
      // The prompt comes before what answers is loaded.
      const { takeLine } = await import('./line.ts');
      try {
        await editor.during(interrupt, () => takeLine(session, text, AbortSignal.any([signal, stepSignal])));
      } catch (error) {
        terminal.progress.stop();
        if (signal.aborted) {
          break;
        }
        await parts.showError(error);
      }
      step = null;
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', leave);
    forgetInterrupt();
    editor.close();
    await session.rows?.client.close();
    await session.workspace.close();
  }
}

/** Reads what completion offers of the session's database: names at once, stored values when Tab first asks. */
function vocabularyReader(session: Session, signal: AbortSignal) {
  let of = session.workspace;
  let names: Promise<Vocabulary> | null = null;
  let values: Promise<Vocabulary> | null = null;
  const read = async (withValues: boolean): Promise<Vocabulary> => {
    const { noVocabulary, vocabularyOf } = await import('./complete.ts');
    const workspace = of;
    try {
      const schema = await workspace.readSchema(signal);
      return vocabularyOf(schema, withValues ? await workspace.readValues(schema, signal) : null);
    } catch {
      // The question that needs the schema tells why it can't be read.
      if (workspace === of) {
        names = null;
        values = null;
      }
      return noVocabulary;
    }
  };
  const warm = (): Promise<Vocabulary> => {
    if (of !== session.workspace) {
      of = session.workspace;
      names = null;
      values = null;
    }
    names ??= read(false);
    return names;
  };
  return {
    warm: () => void warm(),
    async read(): Promise<Vocabulary> {
      const known = await warm();
      values ??= read(true);
      const late = new Promise<Vocabulary>((resolve) => setTimeout(resolve, valuesTimeoutMs, known).unref());
      return Promise.race([values, late]);
    },
  };
}
