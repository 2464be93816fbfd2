import type { SharedState } from '../state/state.ts';

/** A database that is served. */
export interface ProbedDatabase {
  readonly name: string;
  /** Resolves once it answers; rejects where it does not. */
  check(signal: AbortSignal): Promise<unknown>;
}

/** What has to work for requests to be answered. */
export interface ReadinessParts {
  readonly databases: readonly ProbedDatabase[];
  /** Whether any model can be reached, by what is known already; null where that is not known. */
  readonly model: () => boolean | null;
  readonly state: Pick<SharedState, 'healthy'>;
  readonly drain: { readonly draining: boolean };
}

/** How it is with an instance. It names nothing: anybody may ask. */
export interface Readiness {
  /** `degraded` works, and some of it does not. */
  readonly status: 'ready' | 'degraded' | 'draining' | 'unavailable';
  readonly databases: { readonly answering: number; readonly of: number };
  readonly model: 'up' | 'down' | 'unknown';
  readonly state: 'up' | 'lost';
}

/** A database that takes longer to say that it is there is not. */
const checkMilliseconds = 5_000;
/** Within this time the same is said again, so that asking often costs nothing. */
const keptMilliseconds = 1_000;

/**
 * A function that says how it is. An instance is unavailable where no database answers; where one of several is lost, or
 * the model, or what the instances share, all of them would be, and whatever still works would be lost too.
 */
export function createReadiness(parts: ReadinessParts): () => Promise<Readiness> {
  const { databases, model, state, drain } = parts;
  let answering: Promise<number> | null = null;

  async function count(): Promise<number> {
    const signal = AbortSignal.timeout(checkMilliseconds);
    const found = await Promise.all(databases.map((database) => answers(database, signal)));
    setTimeout(() => {
      answering = null;
    }, keptMilliseconds).unref();
    return found.filter(Boolean).length;
  }

  return async () => {
    const isReachable = model();
    answering ??= count();
    const databasesUp = await answering;
    const whole = databasesUp === databases.length && isReachable !== false && state.healthy;
    const works = databasesUp > 0 || databases.length === 0;
    return {
      status: drain.draining ? 'draining' : works ? (whole ? 'ready' : 'degraded') : 'unavailable',
      databases: { answering: databasesUp, of: databases.length },
      model: isReachable === null ? 'unknown' : isReachable ? 'up' : 'down',
      state: state.healthy ? 'up' : 'lost',
    };
  };
}

/** Waits no longer than the signal says, whatever the database does with it. */
async function answers(database: ProbedDatabase, signal: AbortSignal): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const onLate = (): void => late.resolve(false);
  signal.addEventListener('abort', onLate);
  try {
    return await Promise.race([
      database.check(signal).then(
        () => true,
        () => false,
      ),
      late.promise,
    ]);
  } finally {
    signal.removeEventListener('abort', onLate);
  }
}
