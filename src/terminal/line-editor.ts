import { createInterface, emitKeypressEvents, type Key } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { LineEditor, LineEditorOptions } from './edited-lines.ts';
import { findOlder, type ReverseSearch } from './reverse-search.ts';
import type { Streams } from './streams.ts';
import { onContinue, suspend } from './suspend.ts';
import { controlPictures, isObeyed } from './typed-text.ts';

type Press = readonly [text: string | undefined, key: Key];

const pasteOn = '\u001b[?2004h';
const pasteOff = '\u001b[?2004l';

/**
 * Node's readline behind a gate: keys reach it only while a line is read. So a prompt, an editor or the rows of a query
 * never share the keyboard with it, and what is typed meanwhile is not lost. Lines go on with a backslash at the end,
 * Alt-Enter, a pasted line break, or where the text is not whole.
 */
export function createLineEditor({ stdin, stderr }: Streams, options: LineEditorOptions): LineEditor {
  const raw = (on: boolean): void => void stdin.setRawMode?.(on);
  const gate = Object.assign(new PassThrough(), { isTTY: true, setRawMode: raw });
  const readline = createInterface({
    input: gate,
    output: stderr,
    terminal: true,
    history: [...options.history],
    historySize: 1000,
    removeHistoryDuplicates: true,
    completer: (line: string, done: (error: Error | null, result: [string[], string]) => void): void => {
      const answer = (result: [string[], string]): void => {
        completing = false;
        done(null, result);
        replay();
      };
      completing = true;
      options.complete(line, lines.join('\n')).then(
        ([found, end]) => answer([[...found], end]),
        () => answer([[], line]),
      );
    },
  });
  const history = [...options.history];
  let settle: ((text: string | null) => void) | null = null;
  let interrupt: () => void = () => {};
  let waiting: Press[] = [];
  let lines: string[] = [];
  let prompts = { first: '', next: '' };
  let pasting = false;
  let goesOn = false;
  let closed = false;
  /** What may follow is asked for: keys wait, or they would change the line that the answer is for. */
  let completing = false;
  let search: ReverseSearch | null = null;
  let remembered: string[] = [];

  const press = (text: string | undefined, key: Key): void => void gate.emit('keypress', text, key);
  const replaceLine = (text: string): void => {
    press(undefined, { ctrl: true, name: 'e' });
    press(undefined, { ctrl: true, name: 'u' });
    if (text !== '') {
      readline.write(text.replace(/\s*[\r\n]\s*/gu, ' '));
    }
  };
  const showPrompt = (): void => {
    readline.setPrompt(lines.length === 0 ? prompts.first : prompts.next);
    readline.prompt(true);
  };
  /** readline remembers each line by itself; together they are one text. */
  const rememberWhole = (text: string): void => {
    while (lines.includes(remembered[0]?.replaceAll('\r', '\n').replace(/\\$/u, '') ?? '\0')) {
      remembered.shift();
    }
    remembered.unshift(text);
  };
  const finish = (text: string | null): void => {
    stderr.write(pasteOff);
    const done = settle;
    settle = null;
    if (text !== null && lines.length > 1) {
      rememberWhole(text);
    }
    lines = [];
    if (text !== null && text.trim() !== '' && history[0] !== text) {
      history.unshift(text);
    }
    done?.(text);
  };

  readline.on('line', (typed) => {
    // A line of several, taken from the history, comes with carriage returns.
    const line = typed.replaceAll('\r', '\n');
    lines.push(line.endsWith('\\') ? line.slice(0, -1) : line);
    const text = lines.join('\n');
    const unfinished = goesOn || line.endsWith('\\') || !options.isWhole(text);
    goesOn = false;
    if (unfinished) {
      showPrompt();
    } else {
      finish(text);
    }
  });
  readline.on('history', (entries) => {
    remembered = entries;
  });
  readline.on('close', () => {
    closed = true;
    stderr.write('\n');
    finish(null);
  });
  readline.on('SIGINT', () => {
    const idle = readline.line === '' && lines.length === 0;
    replaceLine('');
    lines = [];
    stderr.write('^C\n');
    if (idle) {
      options.onIdleInterrupt();
    }
    showPrompt();
  });

  function onKey(text: string | undefined, key: Key): void {
    if (key.ctrl === true && key.name === 'z' && !pasting) {
      detach();
      stderr.write(pasteOff);
      suspend();
      comeBack();
      return;
    }
    if (settle !== null && !completing) {
      take(text, key);
    } else if (settle === null && key.ctrl === true && key.name === 'c') {
      waiting = [];
      interrupt();
    } else {
      waiting.push([text, key]);
    }
  }

  /** Takes the keys that have waited; those after the end of the line wait on. */
  function replay(): void {
    const typed = waiting;
    waiting = [];
    for (const [text, key] of typed) {
      onKey(text, key);
    }
  }

  function take(text: string | undefined, key: Key): void {
    if (key.name === 'paste-start' || key.name === 'paste-end') {
      pasting = key.name === 'paste-start';
      return;
    }
    if (search !== null ? searchOn(search, text, key) : key.ctrl === true && key.name === 'r') {
      search ??= { term: '', at: -1 };
      showSearch();
      return;
    }
    const isReturn = key.name === 'return' || key.name === 'enter';
    // What is pasted is text, whatever keys its characters would be.
    const isControl = pasting && !isReturn && key.name !== 'tab' && isObeyed(key.sequence ?? text ?? '');
    if (isControl) {
      press(controlPictures(key.sequence ?? text ?? ''), {});
    } else if (isReturn && (pasting || key.meta === true)) {
      goesOn = true;
      press('\n', { name: 'return' });
    } else if (pasting && key.name === 'tab') {
      press(' ', { name: 'space' });
    } else {
      press(text, key);
    }
  }

  /** Whether the search goes on with this key; where it does not, the line is left as the key wants it. */
  function searchOn(current: ReverseSearch, text: string | undefined, key: Key): boolean {
    if (key.ctrl === true && key.name === 'r') {
      if (current.term !== '') {
        search = findOlder(history, current.term, current.at + 1);
      }
      return true;
    }
    if (key.name === 'backspace') {
      search = findOlder(history, current.term.slice(0, -1), 0);
      return true;
    }
    if (text !== undefined && key.ctrl !== true && key.meta !== true && /^\P{Cc}+$/u.test(text)) {
      search = findOlder(history, current.term + text, Math.max(0, current.at));
      return true;
    }
    search = null;
    const left = key.name === 'escape' || (key.ctrl === true && (key.name === 'g' || key.name === 'c'));
    if (left) {
      replaceLine('');
    }
    showPrompt();
    if (!left && key.name !== 'tab') {
      press(text, key);
    }
    return false;
  }

  function showSearch(): void {
    if (search === null) {
      return;
    }
    const found = history[search.at];
    const failed = search.term !== '' && found === undefined ? 'nothing found ' : '';
    readline.setPrompt(`(${failed}search: ${search.term}) `);
    replaceLine(search.term === '' ? '' : (found ?? ''));
    readline.prompt(true);
  }

  const attach = (): void => {
    stdin.off('keypress', onKey);
    stdin.on('keypress', onKey);
    raw(true);
    stdin.resume();
  };
  const detach = (): void => {
    stdin.off('keypress', onKey);
    raw(false);
    stdin.pause();
  };
  /** Takes the terminal again from the shell, which has set it as it likes. */
  function comeBack(): void {
    if (closed || lent) {
      return;
    }
    attach();
    if (settle === null) {
      return;
    }
    stderr.write(pasteOn);
    readline.prompt(true);
  }
  let lent = false;
  const forgetContinue = onContinue(comeBack);
  emitKeypressEvents(stdin);
  // A terminal that went away types nothing any more.
  stdin.once('end', () => readline.close());
  attach();

  return {
    read(first, next) {
      if (closed) {
        return Promise.resolve(null);
      }
      prompts = { first, next };
      return new Promise((resolve) => {
        settle = resolve;
        stderr.write(pasteOn);
        showPrompt();
        replay();
      });
    },
    async during(onInterrupt, work) {
      interrupt = onInterrupt;
      try {
        return await work();
      } finally {
        interrupt = () => {};
      }
    },
    async lend(work) {
      lent = true;
      detach();
      try {
        return await work();
      } finally {
        lent = false;
        if (!closed) {
          attach();
        }
      }
    },
    above(write) {
      if (settle === null) {
        write();
        return;
      }
      stderr.write('\r\u001b[J');
      write();
      readline.prompt(true);
    },
    close() {
      forgetContinue();
      detach();
      closed = true;
      readline.close();
    },
  };
}
