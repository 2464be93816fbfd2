import type { Ora } from 'ora';
import type { Output } from './streams.ts';
import { withoutSymbols } from './unicode.ts';

/** The step that a run is in, shown on stderr while it lasts. */
export interface Progress {
  /** Names the step, in place of the one before. */
  step(text: string): void;
  /** Clears the line for good or until the next step. */
  stop(): void;
  /** Runs something that writes to the terminal, with the line out of its way. */
  interrupt(write: () => void): void;
}

/** A step is shown once it has lasted this long, so that a quick run does not flicker. */
const patience = 120;

/** A spinner on a terminal; silent elsewhere. */
export function createProgress(
  stream: Output,
  options: { shown: boolean; color: boolean; unicode: boolean },
): Progress {
  if (!options.shown) return { step() {}, stop() {}, interrupt: (write) => write() };
  let text = '';
  let spinner: Ora | null = null;
  let timer: NodeJS.Timeout | null = null;

  const show = async (): Promise<void> => {
    const { default: ora } = await import('ora');
    // The step may have ended while the library was loading.
    if (timer === null) return;
    spinner ??= ora({
      stream,
      discardStdin: false,
      hideCursor: true,
      color: options.color ? 'cyan' : false,
      ...(options.unicode ? {} : { spinner: 'line' }),
    });
    spinner.start(text);
  };
  return {
    step(next) {
      text = options.unicode ? next : withoutSymbols(next);
      if (spinner?.isSpinning) spinner.text = text;
      else timer ??= setTimeout(() => void show(), patience).unref();
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      spinner?.stop();
    },
    interrupt(write) {
      const spinning = spinner?.isSpinning === true;
      if (spinning) spinner?.clear();
      write();
      if (spinning) spinner?.render();
    },
  };
}
