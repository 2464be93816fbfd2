import { randomUUID } from 'node:crypto';
import type { Rate } from '../../../config/settings/rate.ts';
import { tracesUrl } from '../../../config/telemetry.ts';
import type { AppOptions } from '../../../serve/app.ts';
import { type Caller, roles } from '../../../serve/caller.ts';
import type { Drain } from '../../../serve/http/drain.ts';
import { watchPressure } from '../../../serve/limits/pressure.ts';
import { type Rates, registerLimits } from '../../../serve/limits/register.ts';
import { createLog } from '../../../serve/observe/log.ts';
import { createMetrics, metricsText, metricsType } from '../../../serve/observe/metrics.ts';
import { tracesTo } from '../../../serve/observe/open-traces.ts';
import { openProbes } from '../../../serve/observe/probe-server.ts';
import { createReadiness } from '../../../serve/observe/readiness.ts';
import { registerMetrics, registerObserved, registerProbes } from '../../../serve/observe/register.ts';
import type { Observe } from '../../../serve/observe.ts';
import type { SharedModels } from '../../../serve/state/shared-models.ts';
import type { SharedState } from '../../../serve/state/state.ts';
import type { Workspace } from '../../../serve/workspace.ts';
import type { CommandContext } from '../../context.ts';
import type { Setup } from '../../run/setup.ts';
import type { ServeOptions } from './options.ts';
import type { WorkerLink } from './worker.ts';

const usualPerUser: Rate = { requests: 300, milliseconds: 60_000 };
const usualPerAddress: Rate = { requests: 3000, milliseconds: 60_000 };
/** Timers that are later than this on average say that there is too much to do. */
const mostDelayMilliseconds = 1000;

/** What watches a server, and keeps it from too much. */
export interface WatchedServer {
  readonly observe: Observe;
  /** What the app is given for it. */
  hooks(workspace: Workspace): Pick<AppOptions, 'before' | 'after' | 'log'>;
  /** Holds to other rates from now on. */
  reload(options: Pick<ServeOptions, 'rateUser' | 'rateAddress'>): void;
  close(): Promise<void>;
}

function ratesOf({
  rateUser = usualPerUser,
  rateAddress = usualPerAddress,
}: Pick<ServeOptions, 'rateUser' | 'rateAddress'>): Rates {
  return {
    perUser: rateUser === 'none' ? null : rateUser,
    perAddress: rateAddress === 'none' ? null : rateAddress,
  };
}

/** Logs, counts and traces what a server does, and says how it is. */
export async function watchServer(
  setup: Setup,
  context: CommandContext,
  options: ServeOptions,
  {
    state,
    drain,
    models,
    link,
  }: {
    readonly state: SharedState;
    readonly drain: Drain;
    readonly models: Pick<SharedModels, 'servers' | 'reachable'>;
    readonly link: WorkerLink | null;
  },
): Promise<WatchedServer> {
  const { metricsAddress, logLevel = 'info' } = options;
  let rates = ratesOf(options);
  const version = setup.report.data.version ?? '';
  const metrics = createMetrics({ version, state, drain, endpoints: models.servers });
  const traces = await tracesTo(tracesUrl(context.environment), { version, instance: randomUUID() });
  const pressure = watchPressure({ mostBytes: null, mostDelayMilliseconds });
  const servers: { close(): Promise<void> }[] = [];
  link?.measuredBy(metrics.measure);
  const text = async (): Promise<string> =>
    metricsText(link === null ? [await metrics.measure()] : await link.measureAll());
  return {
    observe: metrics.observe,
    hooks(workspace) {
      const log = createLog(context.streams.stdout, {
        level: logLevel,
        redact: workspace.redact,
        now: context.now,
      });
      const readiness = createReadiness({
        databases: workspace.databases.map((name) => ({
          name,
          check: async (signal) => (await workspace.open(name, prober)).client.fingerprint(signal),
        })),
        model: models.reachable,
        state,
        drain,
      });
      const limits = {
        state,
        rates: () => rates,
        pressure,
        onTurnedAway: metrics.turnedAway,
      };
      return {
        log,
        before: [
          (app) => registerObserved(app, { log, metrics, traces }),
          (app) => registerLimits(app, limits),
        ],
        after: [
          (app) => registerProbes(app, readiness),
          (app) => registerMetrics(app, text, metricsType, { role: 'admin' }),
          async () => {
            if (metricsAddress !== undefined) {
              servers.push(await openProbes(metricsAddress, readiness, text));
            }
          },
        ],
      };
    },
    reload(changed) {
      rates = ratesOf(changed);
    },
    async close() {
      pressure.close();
      await Promise.all(servers.map((server) => server.close()));
      await traces.close();
    },
  };
}

/** Who looks whether databases answer. */
const prober: Caller = {
  id: '',
  name: '',
  roles: new Set(roles),
  databases: null,
  profiles: null,
  hide: [],
  rowLimit: null,
  dollars: null,
  by: 'local',
  signIn: null,
};
