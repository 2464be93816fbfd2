import type { Terminal } from '../terminal/terminal.ts';

/** The terminal of one call: nobody sees it. Its steps are told to the caller, its lines are kept. */
export interface CallTerminal {
  readonly terminal: Terminal;
  /** What was said of importance, a line each, since the call began. */
  readonly lines: readonly string[];
  /** What was noted besides, such as where no doubt was looked for. */
  readonly notes: readonly string[];
}

/** Makes one of a terminal that nobody sees; `onStep` hears of each step that a run comes to. */
export function createCallTerminal(
  silent: Terminal,
  interactive: boolean,
  onStep: (text: string) => void,
): CallTerminal {
  const lines: string[] = [];
  const notes: string[] = [];
  const say = (text: string): void => {
    if (text.trim() !== '') {
      lines.push(text.trim());
    }
  };
  return {
    lines,
    notes,
    terminal: {
      ...silent,
      width: null,
      interactive,
      progress: { ...silent.progress, step: onStep, stop() {} },
      note: (text) => void notes.push(text),
      show: say,
      warn: say,
    },
  };
}
