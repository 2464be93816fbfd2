import type { Connection } from '../../database/process/connection.ts';

/** The process of a database, started before it is known which one it will open: it loads while the settings do. */
export interface EarlyProcess {
  /** Starts it; it loads the driver of `place` too, where that is given and says which. */
  start(place: string | null): Promise<void>;
  /** Hands it over, once; null where none was started. */
  take(): Connection | null;
  /** Ends it where nobody took it. */
  dismiss(): void;
}

export function createEarlyProcess(environment: Readonly<Record<string, string | undefined>>): EarlyProcess {
  let started: Connection | null = null;
  const take = (): Connection | null => {
    const taken = started;
    started = null;
    return taken;
  };
  return {
    async start(place) {
      const { startConnection } = await import('../../database/process/connection.ts');
      started = startConnection(environment);
      if (place !== null) {
        started.request('prepare', place).catch(() => {});
      }
    },
    take,
    dismiss: () => take()?.dismiss(),
  };
}
