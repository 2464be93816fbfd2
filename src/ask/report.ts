import type { Doubt } from '../doubts/doubt.ts';
import type { ExitCode } from '../errors.ts';
import type { AnsweredBy, SentRequest, Usage } from '../model/model.ts';

/** What one run did, as `--report` writes it. */
export interface ReportData {
  question: string | null;
  sql: string | null;
  assumptions: readonly string[];
  /** Reasons to doubt the rows, found in the data before they were read. */
  doubts: readonly Doubt[];
  /** Documents that the model was told of or that the answer rests on, each with its heading: `docs/metrics.md § Churn`. */
  sources: readonly string[];
  /** What was not looked for before the rows, and why, in whole sentences. */
  notLooked: readonly string[];
  provider: string | null;
  model: string | null;
  /** How the provider got the answer in shape, in its own word. */
  structuredOutput: string | null;
  tokens: Usage | null;
  /** What the model has cost; null where nobody knows. */
  dollars: number | null;
  /** How much of each budget was used after it, a line each. */
  budgets: readonly string[];
  /** Which of several servers answered last, or what stood in for them. */
  answeredBy: AnsweredBy | null;
  /** What the model has called for before it answered, and what it was told, word for word. */
  looks: { readonly tool: string; readonly arguments: string; readonly told: string }[];
  steps: { readonly name: string; readonly milliseconds: number }[];
  rows: number | null;
  truncated: boolean;
  /** What the user was warned of: what could not be read, what hides nothing, where the database reads the statement otherwise than it looks, and what it said of the rows. */
  warnings: string[];
  exitCode: ExitCode | null;
  error: string | null;
  sent: SentRequest[];
  /** When the run began, in ISO 8601. */
  time: string | null;
  version: string | null;
  /** The database without user and password. */
  database: string | null;
}

/** Collects what a run does while it does it. */
export interface Report {
  readonly data: ReportData;
  /** Runs a step and keeps how long it took, whether it succeeds or not. */
  time<Value>(name: string, step: () => Promise<Value>): Promise<Value>;
}

/** A report of one run; `onStep` hears of each step as it ends. */
export function createReport(
  onStep: (step: ReportData['steps'][number]) => void = () => {},
  now: () => number = () => performance.now(),
): Report {
  const data: ReportData = {
    question: null,
    sql: null,
    assumptions: [],
    doubts: [],
    sources: [],
    notLooked: [],
    provider: null,
    model: null,
    structuredOutput: null,
    tokens: null,
    dollars: null,
    budgets: [],
    answeredBy: null,
    looks: [],
    steps: [],
    rows: null,
    truncated: false,
    warnings: [],
    exitCode: null,
    error: null,
    sent: [],
    time: null,
    version: null,
    database: null,
  };
  return {
    data,
    async time(name, step) {
      const start = now();
      try {
        return await step();
      } finally {
        const step = { name, milliseconds: Math.round((now() - start) * 1000) / 1000 };
        data.steps.push(step);
        onStep(step);
      }
    },
  };
}

/** Whether the engine on this machine answered, instead of the servers that were asked first. */
export function isFromHere({ data }: Report): boolean {
  return data.answeredBy?.host === null;
}

/** The tokens of two requests of one run together. */
export function addUsage(before: Usage | null, after: Usage | null): Usage | null {
  if (before === null || after === null) {
    return before ?? after;
  }
  const sum = (a: number | null, b: number | null): number | null =>
    a === null && b === null ? null : (a ?? 0) + (b ?? 0);
  return {
    promptTokens: before.promptTokens + after.promptTokens,
    completionTokens: before.completionTokens + after.completionTokens,
    cachedTokens: sum(before.cachedTokens, after.cachedTokens),
    reasoningTokens: sum(before.reasoningTokens, after.reasoningTokens),
  };
}
