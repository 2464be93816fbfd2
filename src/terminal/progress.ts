import type { Ora } from 'ora';
import { escapeLine } from '../render/escape.ts';
import type { Output } from './streams.ts';
import { withoutSymbols } from './unicode.ts';

/** The step that a run is in, shown on stderr while it lasts. */
export interface Progress {
  /** Names the step, in place of the one before; what stands after a colon is how far it is. */
  step(text: string): void;
  /** Clears the line for good or until the next step. */
  stop(): void;
  /** Runs something that writes to the terminal, with the line out of its way. */
  interrupt(write: () => void): void;
}

export interface ProgressOptions {
  readonly shown: boolean;
  /** A terminal that moves no cursor: a step that lasts gets one line. */
  readonly plain: boolean;
  readonly color: boolean;
  readonly unicode: boolean;
}

/** A step is shown once it has lasted this long, so that a quick run does not flicker. */
const shownAfter = 120;
/** From then on it says for how many seconds it has lasted. */
const countedAfter = 2000;

/** A spinner on a terminal; silent elsewhere. */
export function createProgress(stream: Output, options: ProgressOptions): Progress {
  if (!options.shown) {
    return { step() {}, stop() {}, interrupt: (write) => write() };
  }
  let text = '';
  let since = 0;
  let timers: NodeJS.Timeout[] = [];
  let spinner: Ora | null = null;

  const seconds = (): string => {
    const lasted = Math.floor(performance.now() - since);
    return lasted < countedAfter ? '' : ` (${Math.floor(lasted / 1000)} s)`;
  };
  const shown = (): string => `${options.unicode ? text : withoutSymbols(text)}${seconds()}`;
  const show = async (): Promise<void> => {
    const { default: ora } = await import('ora');
    // The step may have ended while the library was loading.
    if (timers.length === 0) {
      return;
    }
    spinner ??= ora({
      stream,
      discardStdin: false,
      hideCursor: true,
      color: options.color ? 'cyan' : false,
      ...(options.unicode ? {} : { spinner: 'line' }),
    });
    spinner.start(shown());
  };
  const begin = (): void => {
    timers = options.plain
      ? [setTimeout(() => stream.write(`${shown()}\n`), countedAfter)]
      : [setTimeout(() => void show(), shownAfter), setInterval(update, 500)];
    for (const timer of timers) {
      timer.unref();
    }
  };
  const update = (): void => {
    if (spinner?.isSpinning) {
      spinner.text = shown();
    }
  };
  const end = (): void => {
    for (const timer of timers) {
      clearTimeout(timer);
    }
    timers = [];
  };
  return {
    step(next) {
      const isAnother = timers.length === 0 || nameOf(escapeLine(next)) !== nameOf(text);
      text = escapeLine(next);
      if (isAnother) {
        since = performance.now();
      }
      if (isAnother && options.plain) {
        end();
      }
      if (timers.length === 0) {
        begin();
      }
      update();
    },
    stop() {
      end();
      spinner?.stop();
    },
    interrupt(write) {
      const spinning = spinner?.isSpinning === true;
      if (spinning) {
        spinner?.clear();
      }
      write();
      if (spinning) {
        spinner?.render();
      }
    },
  };
}

/** A step without how far it is. */
function nameOf(text: string): string {
  return text.split(':')[0] ?? '';
}
