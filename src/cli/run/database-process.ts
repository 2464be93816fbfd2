import type { Connection } from '../../database/process/connection.ts';

/** The process of a database, started before it is known which one it will open: it loads while the settings do. */
export interface EarlyProcess {
  /** Starts it, unless it is started; it loads the driver too, where `--db` of the arguments says which. */
  start(argv: readonly string[]): Promise<void>;
  /** Hands it over, once; null where none was started. */
  take(): Connection | null;
  /** Ends it where nobody took it. */
  dismiss(): void;
}

export function createEarlyProcess(environment: Readonly<Record<string, string | undefined>>): EarlyProcess {
  let started: Connection | null = null;
  let isStarted = false;
  const take = (): Connection | null => {
    const taken = started;
    started = null;
    return taken;
  };
  return {
    async start(argv) {
      if (isStarted) {
        return;
      }
      isStarted = true;
      const { startConnection } = await import('../../database/process/connection.ts');
      started = startConnection(environment);
      const place = placeIn(argv);
      if (place !== null) {
        started.request('prepare', place).catch(() => {});
      }
    },
    take,
    dismiss: () => take()?.dismiss(),
  };
}

/** What `--db` names, before anybody knows whether it is right; null where it does not stand there. */
export function placeIn(argv: readonly string[]): string | null {
  const at = argv.findIndex((argument) => /^--db(?:=|$)/u.test(argument));
  const [, joined] = /^--db=(.*)$/su.exec(argv[at] ?? '') ?? [];
  return at === -1 ? null : (joined ?? argv[at + 1] ?? null);
}
