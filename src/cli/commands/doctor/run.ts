import { createRedactor } from '../../../config/redact.ts';
import { describeTarget } from '../../../database/target.ts';
import { type ExitCode, exitCodes, SqlqError } from '../../../errors.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { openConfigured, readSchema } from '../../run/database.ts';
import { chooseProfile, serverOf } from '../../run/profile.ts';
import { type Setup, withSetup } from '../../run/setup.ts';
import type { Finding } from './finding.ts';
import type { DoctorOptions } from './options.ts';

/** `sqlq doctor`: settings, database and model server, each with what to do about what fails. Exit 1 where something does. */
export function run(
  { options }: Invocation<string | undefined, DoctorOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const findings: Finding[] = [];
    const add = async (
      title: string,
      found: Promise<readonly Finding[]> | readonly Finding[],
    ): Promise<void> => {
      setup.terminal.progress.step(`Checking the ${title}`);
      const list = await found;
      setup.terminal.progress.stop();
      findings.push(...list);
      await print(setup, title, list, createRedactor([...context.secrets]));
    };
    await add('settings', settingsFindings(setup, context));
    await add('database', attempt(databaseFindings(setup, context), context.signal));
    await add('model', attempt(modelFindings(setup, context), context.signal));
    return findings.some(({ state }) => state === 'bad') ? exitCodes.failed : exitCodes.answered;
  });
}

async function attempt(work: Promise<readonly Finding[]>, signal: AbortSignal): Promise<readonly Finding[]> {
  try {
    return await work;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SqlqError)) {
      throw error;
    }
    return [{ state: 'bad', text: error.message, hint: error.hint ?? undefined }];
  }
}

function settingsFindings(setup: Setup, context: CommandContext): readonly Finding[] {
  const files = new Set(
    Object.values(setup.settings.sources).filter((source) => source.includes('/') || source.includes('\\')),
  );
  return [
    { state: 'good', text: `Node.js ${process.versions.node}, folder ${context.workingDirectory}` },
    {
      state: 'good',
      text:
        files.size === 0
          ? 'no settings file sets anything; sqlq config init writes one'
          : `settings from ${[...files].join(', ')}`,
    },
    ...setup.settings.warnings.map((text) => ({ state: 'warning' as const, text })),
  ];
}

async function databaseFindings(setup: Setup, context: CommandContext): Promise<readonly Finding[]> {
  const { signal } = context;
  const database = await openConfigured(setup, context, 'read');
  try {
    const facts = await database.client.facts(signal);
    const schema = await readSchema(database, setup, signal, true);
    const { product, version } = facts.dialect;
    const findings: Finding[] = [
      { state: 'good', text: `${product} ${version} at ${describeTarget(database.target)}` },
      schema.tables.length > 0
        ? {
            state: 'good',
            text: `${schema.tables.length} tables and views that ${facts.role ?? 'this user'} may read`,
          }
        : {
            state: 'bad',
            text: 'no table that this role may read',
            hint: 'Check --schema, --include and --exclude, and what the role was granted.',
          },
    ];
    if (facts.role !== null) {
      findings.push(
        facts.superuser
          ? {
              state: 'warning',
              text: `the role ${facts.role} is a superuser: only sqlq stands between a model and everything`,
              hint: 'Make a role that can only read, and connect as that:',
            }
          : { state: 'good', text: `the role ${facts.role} is no superuser` },
      );
    }
    if (facts.encryption !== null) {
      findings.push({
        state: 'good',
        text:
          facts.encryption === 'none'
            ? 'the connection is not encrypted; it stays on this machine or you said so'
            : `the connection is encrypted: ${facts.encryption}`,
      });
    }
    findings.push(...(facts.notes ?? []).map((text) => ({ state: 'good' as const, text })));
    findings.push(...facts.warnings.map((text) => ({ state: 'warning' as const, text })));
    if (facts.leastPrivilege !== null) {
      findings.push({
        state: 'good',
        text: 'SQL for a role that can only read:',
        hint: facts.leastPrivilege,
      });
    }
    return findings;
  } finally {
    await database.client.close();
  }
}

async function modelFindings(setup: Setup, context: CommandContext): Promise<readonly Finding[]> {
  const selected = await chooseProfile(setup, context);
  if (selected.kind === 'offline') {
    return [
      {
        state: 'good',
        text: `the offline engine answers (${selected.why})`,
        hint: 'For a model, set OPENAI_API_KEY, start Ollama or Docker Model Runner, or run: sqlq config init',
      },
    ];
  }
  if (selected.endpoints.length > 1) {
    return (await import('./endpoints.ts')).endpointFindings(setup, context, selected);
  }
  const { server } = selected;
  const provider = await selected.provider.load();
  const probe = await provider.probe(serverOf(selected.server, setup.cache), context.signal);
  const findings: Finding[] = [
    { state: 'good', text: `profile ${selected.name} at ${server.baseUrl} (${selected.why})` },
  ];
  if (server.proxy !== null) {
    const { host } = new URL(server.proxy.url);
    findings.push({ state: 'good', text: `through the proxy ${host} (${server.proxy.variable})` });
  }
  if (probe.models !== null) {
    findings.push(
      probe.hasModel === false
        ? {
            state: 'bad',
            text: `the server does not list ${server.model}`,
            hint: `It has: ${probe.models.slice(0, 12).join(', ')}. Choose one with --model.`,
          }
        : { state: 'good', text: `the server has ${server.model}` },
    );
  }
  findings.push(
    probe.contextSize === null
      ? {
          state: 'warning',
          text: 'the server does not tell the size of its window',
          hint: 'Set contextSize in the profile if the schema is large.',
        }
      : {
          state: probe.contextSize < 4096 ? 'warning' : 'good',
          text: `a window of ${probe.contextSize} tokens`,
        },
  );
  if (probe.structuredOutput !== null) {
    findings.push({ state: 'good', text: `it answers in shape by ${probe.structuredOutput}` });
  }
  findings.push(...probe.warnings.map((text) => ({ state: 'warning' as const, text })));
  if (probe.problem !== null) {
    findings.push({ state: 'bad', text: probe.problem.message, hint: probe.problem.hint ?? undefined });
  }
  return findings;
}

async function print(
  { terminal }: Setup,
  title: string,
  findings: readonly Finding[],
  redact: (text: string) => string,
): Promise<void> {
  const marks = { good: 'ok  ', warning: 'note', bad: 'FAIL' } as const;
  const lines = findings.flatMap(({ state, text, hint }) => [
    `  ${marks[state]}  ${text}`,
    ...(hint === undefined ? [] : hint.split('\n').map((line) => `        ${line}`)),
  ]);
  await terminal.print(terminal.escape(redact(`${title}\n${lines.join('\n')}\n`)));
}
