import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client';
import type { Observe } from '../observe.ts';
import { boundedLabel } from './bounded-label.ts';

/** A metric with its values, as workers hand theirs on. */
export type Measured = MetricObjectWithValues<MetricValue<string>>;

/** What is asked for when the metrics are read. */
export interface MeasuredParts {
  readonly version: string;
  readonly state: { readonly kind: string; readonly healthy: boolean };
  readonly drain: { readonly draining: boolean };
  /** Servers of models that are known to fail, and all others. */
  readonly endpoints: () => readonly {
    readonly host: string;
    readonly model: string;
    readonly open: boolean;
  }[];
}

/** The counters of one process. */
export interface Metrics {
  readonly observe: Observe;
  /** A request was answered. */
  request(route: string, method: string, status: number, seconds: number): void;
  /** A request was refused before anything was done for it. */
  turnedAway(why: 'user' | 'address' | 'memory' | 'delay'): void;
  /** What this process has measured. */
  measure(): Promise<Measured[]>;
}

/** Of these, no more are told apart: a metric has a series for each. */
const mostNames = 50;
const questionSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160];
const stepSeconds = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60];
const requestSeconds = [0.002, 0.01, 0.05, 0.2, 1, 5, 20, 60];

export const metricsType = Registry.PROMETHEUS_CONTENT_TYPE;

/** Counters that begin at nothing; the labels of each are few. */
export function createMetrics({ version, state, drain, endpoints }: MeasuredParts): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const names = {
    database: boundedLabel(mostNames),
    profile: boundedLabel(mostNames),
    doubt: boundedLabel(mostNames),
    step: boundedLabel(mostNames),
    engine: boundedLabel(mostNames),
    queue: boundedLabel(mostNames),
    route: boundedLabel(200),
  };
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter<Label>({ name, help, labelNames, registers });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    buckets: number[],
  ) => new Histogram<Label>({ name, help, labelNames, buckets, registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Gauge<Label>({ name, help, labelNames, registers });

  const questions = counter('sqlq_questions_total', 'Questions, by how they ended.', [
    'outcome',
    'database',
    'profile',
  ]);
  const questionTime = histogram(
    'sqlq_question_seconds',
    'How long questions took, from the request to the answer.',
    ['outcome'],
    questionSeconds,
  );
  const doubts = counter('sqlq_doubts_total', 'Reasons to doubt an answer, by their kind.', ['kind']);
  const steps = histogram(
    'sqlq_step_seconds',
    'How long the steps of questions took.',
    ['step'],
    stepSeconds,
  );
  const tokens = counter('sqlq_tokens_total', 'Tokens that models have read and written.', ['kind']);
  const dollars = counter('sqlq_dollars_total', 'What models have cost, where the price is known.', []);
  const cache = counter('sqlq_cache_lookups_total', 'Answers that were looked for in the cache.', ['result']);
  const refusals = counter('sqlq_guard_refusals_total', 'Statements that a guard has refused.', ['engine']);
  const waiting = gauge('sqlq_queue_waiting', 'Requests that wait for a database or a model.', ['queue']);
  const running = gauge('sqlq_queue_running', 'Requests that a database or a model works on.', ['queue']);
  const streams = gauge('sqlq_open_streams', 'Replies that are being streamed.', []);
  const logins = counter('sqlq_logins_total', 'Attempts to sign in.', ['outcome']);
  const requests = counter('sqlq_http_requests_total', 'Requests, by route and status.', [
    'route',
    'method',
    'status',
  ]);
  const requestTime = histogram(
    'sqlq_http_request_seconds',
    'How long requests took.',
    ['route'],
    requestSeconds,
  );
  const away = counter('sqlq_turned_away_total', 'Requests over a limit, by which limit.', ['limit']);
  new Gauge({
    name: 'sqlq_state_up',
    help: 'Whether what the instances share can be reached.',
    labelNames: ['kind'],
    registers,
    aggregator: 'min',
    collect() {
      this.set({ kind: state.kind }, state.healthy ? 1 : 0);
    },
  });
  new Gauge({
    name: 'sqlq_draining',
    help: 'Whether the instance is about to end and takes nothing new.',
    registers,
    aggregator: 'max',
    collect() {
      this.set(drain.draining ? 1 : 0);
    },
  });
  new Gauge({
    name: 'sqlq_breaker_open',
    help: 'Whether a server of models is known to fail and is not asked.',
    labelNames: ['host', 'model'],
    registers,
    aggregator: 'max',
    collect() {
      this.reset();
      for (const { host, model, open } of endpoints().slice(0, mostNames)) {
        this.set({ host, model }, open ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: 'sqlq_build_info',
    help: 'The version that runs; always 1.',
    labelNames: ['version', 'node'],
    registers,
    aggregator: 'max',
  }).set({ version, node: process.versions.node }, 1);

  return {
    observe: {
      question(outcome, seconds, { database, profile }) {
        questions.inc({ outcome, database: names.database(database), profile: names.profile(profile) });
        questionTime.observe({ outcome }, seconds);
      },
      doubt: (kind) => doubts.inc({ kind: names.doubt(kind) }),
      step: (step, seconds) => steps.observe({ step: names.step(step) }, seconds),
      tokens: (kind, count) => tokens.inc({ kind }, count),
      dollars: (amount) => dollars.inc(amount),
      cache: (hit) => cache.inc({ result: hit ? 'hit' : 'miss' }),
      guardRefusal: (engine) => refusals.inc({ engine: names.engine(engine) }),
      queue(name, now, active) {
        const queue = names.queue(name);
        waiting.set({ queue }, now);
        running.set({ queue }, active);
      },
      openStreams: (change) => streams.inc(change),
      login: (outcome) => logins.inc({ outcome }),
    },
    request(route, method, status, seconds) {
      const known = names.route(route);
      requests.inc({ route: known, method, status: String(status) });
      requestTime.observe({ route: known }, seconds);
    },
    turnedAway: (limit) => away.inc({ limit }),
    measure: () => register.getMetricsAsJSON(),
  };
}

/** What several processes have measured, together, as Prometheus reads it. */
export function metricsText(all: readonly (readonly Measured[])[]): Promise<string> {
  return AggregatorRegistry.aggregate(all.map((one) => [...one])).metrics();
}
