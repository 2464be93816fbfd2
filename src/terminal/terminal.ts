import { writeFailure } from '../errors.ts';
import { escapeText } from '../render/escape.ts';
import { createPainter, type Painter } from '../render/painter.ts';
import { createProgress, type Progress } from './progress.ts';
import { type Output, type Streams, windowSize } from './streams.ts';
import { movesCursor, usesUnicode, withoutSymbols } from './unicode.ts';
import { wrapLines } from './wrap.ts';

export type Style = Parameters<Painter>[0];

export interface TerminalOptions {
  /** null: by the stream and the variables NO_COLOR and FORCE_COLOR. */
  readonly color: boolean | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** Where a run talks to its user. stdout is for data alone; all else goes to stderr. */
export interface Terminal {
  readonly streams: Streams;
  /** Whether questions may be asked: stdin and stderr are terminals. */
  readonly interactive: boolean;
  readonly quiet: boolean;
  readonly color: { readonly stdout: boolean; readonly stderr: boolean };
  /** Whether it shows more than ASCII. */
  readonly unicode: boolean;
  /** Whether it obeys control sequences. */
  readonly movesCursor: boolean;
  readonly progress: Progress;
  /** Text from elsewhere made safe to show. */
  escape(text: string): string;
  /** The window of stdout in columns; null where stdout is no terminal. */
  readonly width: number | null;
  /** Styled for stderr, or plain where stderr has no colours. */
  style(style: Style, text: string): string;
  /** A line on stderr, wrapped at words, which `--quiet` leaves out. Its text is safe and styled already. */
  note(text: string): void;
  /** Lines on stderr that are always there and stay as they are, such as SQL that is asked about. */
  show(text: string): void;
  /** A line on stderr, wrapped at words, that is always there. */
  warn(text: string): void;
  /** A line on stderr with `--verbose` alone. */
  detail(text: string): void;
  /** Data on stdout; resolves when it is written, and quietly when the reader went away. */
  print(text: string): Promise<void>;
}

/** Makes the terminal of one run. */
export function createTerminal(streams: Streams, options: TerminalOptions): Terminal {
  const color = {
    stdout: usesColor(streams.stdout, options),
    stderr: usesColor(streams.stderr, options),
  };
  const unicode = usesUnicode(options.environment);
  const progress = createProgress(streams.stderr, {
    shown: streams.stderr.isTTY === true && !options.quiet,
    plain: !movesCursor(options.environment),
    color: color.stderr,
    unicode,
  });
  const show = (text: string): void => {
    progress.interrupt(() => streams.stderr.write(`${unicode ? text : withoutSymbols(text)}\n`));
  };
  const line = (text: string): void => {
    show(
      streams.stderr.isTTY === true ? wrapLines(text, windowSize('columns', streams.stderr.columns)) : text,
    );
  };
  return {
    streams,
    interactive: streams.stdin.isTTY === true && streams.stderr.isTTY === true,
    quiet: options.quiet,
    color,
    unicode,
    movesCursor: movesCursor(options.environment),
    progress,
    escape: escapeText,
    get width() {
      return streams.stdout.isTTY === true ? windowSize('columns', streams.stdout.columns) : null;
    },
    style: createPainter(color.stderr),
    note: (text) => {
      if (!options.quiet) {
        line(text);
      }
    },
    show,
    warn: line,
    detail: (text) => {
      if (options.verbose) {
        line(escapeText(text));
      }
    },
    print: (text) => writeAll(streams.stdout, text),
  };
}

/** NO_COLOR and FORCE_COLOR as no-color.org and force-color.org say: set and not empty. */
function usesColor(stream: Output, options: TerminalOptions): boolean {
  if (options.color !== null) {
    return options.color;
  }
  const { NO_COLOR: no, FORCE_COLOR: force } = options.environment;
  if (force !== undefined && force !== '') {
    return force !== '0' && force !== 'false';
  }
  if (no !== undefined && no !== '') {
    return false;
  }
  return stream.isTTY === true && movesCursor(options.environment);
}

function writeAll(stream: Output, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (!error || ('code' in error && error.code === 'EPIPE')) {
        resolve();
      } else {
        reject(writeFailure(error, 'standard output'));
      }
    });
  });
}
