import type { AskContext } from '../../../ask/context.ts';
import type { Executed } from '../../../ask/execute.ts';
import { rowsText } from '../../../batch/answer-line.ts';
import { createRedactor } from '../../../config/redact.ts';
import { type ExitCode, exitCodes, messageOf, SqlqError } from '../../../errors.ts';
import { escapedJson } from '../../../render/escaped-json.ts';
import type { CommandContext } from '../../context.ts';
import { type Setup, withSetup } from '../../run/setup.ts';
import type { Envelope } from './envelope-schema.ts';
import type { AskOptions } from './options.ts';
import { askQuestion } from './question.ts';

/** Rows of one envelope unless --limit says otherwise; more than these belong into a file. */
const mostRows = 100_000;

/** `sqlq ask --json-envelope`: all that is known of a question as one object on stdout, however it ends. */
export async function runEnvelope(
  words: readonly string[],
  options: AskOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const start = performance.now();
  let used: Setup | null = null;
  let executed: Executed | null = null;
  const print = async (thrown: unknown): Promise<void> => {
    const text = envelopeText(used, executed, thrown, words, context, performance.now() - start);
    await new Promise<void>((resolve) => context.streams.stdout.write(text, () => resolve()));
  };
  try {
    requireOneObject(options);
    const exitCode = await withSetup(options, context, async (setup) => {
      used = setup;
      await askQuestion(setup, words, options, context, intoOneObject, (answered) => {
        executed = answered;
      });
      return undefined;
    });
    await print(null);
    return exitCode;
  } catch (error) {
    await print(error);
    throw error;
  }
}

/** What a question is asked with whose rows come back and of which nothing is printed. */
function intoOneObject(asked: AskContext): AskContext {
  const { delivery, terminal } = asked;
  return {
    ...asked,
    // A dry run would print its SQL.
    terminal: { ...terminal, print: async () => {} },
    delivery: { ...delivery, format: 'json', limit: delivery.limit ?? mostRows, collect: true },
  };
}

function requireOneObject(options: AskOptions): void {
  const other = (['output', 'format', 'batch'] as const).find((name) => options[name] !== undefined);
  if (other !== undefined) {
    throw new SqlqError('usage', `--json-envelope does not go with --${other}.`, {
      hint: 'It prints one JSON object, with the rows in it.',
    });
  }
}

function envelopeText(
  setup: Setup | null,
  executed: Executed | null,
  thrown: unknown,
  words: readonly string[],
  { secrets }: CommandContext,
  milliseconds: number,
): string {
  const redact = createRedactor([...secrets]);
  const data = setup?.report.data ?? null;
  const error = thrown === null ? null : errorOf(thrown);
  const ran = executed !== null && executed.rows !== null ? executed : null;
  const envelope: Envelope = {
    version: data?.version ?? '',
    question: data?.question ?? (words.length === 0 ? null : words.join(' ')),
    database: data?.database ?? null,
    sql: data?.sql ?? null,
    assumptions: [...(data?.assumptions ?? [])],
    doubts: (data?.doubts ?? []).map((doubt) => ({ ...doubt, evidence: { ...doubt.evidence } })),
    sources: [...(data?.sources ?? [])],
    columns: ran?.columns.map(({ name, type }) => ({ name, type })) ?? null,
    rows: null,
    truncated: ran?.truncated ?? false,
    warnings: (data?.warnings ?? []).map(redact),
    provider: data?.provider ?? null,
    model: data?.model ?? null,
    usage: data?.tokens ?? null,
    milliseconds: Math.round(milliseconds),
    exitCode: error === null ? exitCodes.answered : exitCodes[error.code],
    error:
      error === null
        ? null
        : {
            code: error.code,
            message: redact(error.message),
            hint: error.hint === null ? null : redact(error.hint),
          },
  };
  // Rows are written digit for digit, which JSON.stringify can't.
  const rows = ran === null ? 'null' : rowsText({ ...ran, rows: ran.kept });
  const parts = Object.entries(envelope).map(
    ([key, value]) => `${JSON.stringify(key)}:${key === 'rows' ? rows : escapedJson(JSON.stringify(value))}`,
  );
  return `{${parts.join(',')}}\n`;
}

function errorOf(thrown: unknown): SqlqError {
  return thrown instanceof SqlqError ? thrown : new SqlqError('failed', messageOf(thrown));
}
