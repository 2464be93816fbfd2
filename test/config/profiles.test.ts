import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Environment } from '../../src/config/environment.ts';
import { loadSettings } from '../../src/config/load.ts';
import { type Detect, type Selected, selectProfile } from '../../src/config/profiles.ts';
import type { GivenValues } from '../../src/config/settings/values.ts';
import type { DetectedServer } from '../../src/model/provider.ts';
import { providers } from '../../src/model/providers.ts';
import type { ModelServer } from '../../src/model/server.ts';

let home = '';
let project = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'sqlq-profiles-'));
  project = join(home, 'project');
  await mkdir(project);
  await mkdir(join(home, '.config', 'sqlq'), { recursive: true });
});
afterEach(() => rm(home, { recursive: true }));

interface Given {
  readonly user?: object;
  readonly project?: object;
  readonly environment?: Environment;
  readonly flags?: GivenValues;
  /** What answers on this machine. */
  readonly machine?: readonly DetectedServer[];
}

async function select(given: Given): Promise<Selected> {
  const { environment = {}, flags = {}, machine = [] } = given;
  await writeFile(join(home, '.config/sqlq/.sqlqrc'), JSON.stringify(given.user ?? {}), { mode: 0o600 });
  await writeFile(join(project, '.sqlqrc'), JSON.stringify(given.project ?? {}), { mode: 0o600 });
  const effective = await loadSettings({ flags, environment, workingDirectory: project, homeFolder: home });
  const detect: Detect = async (_signal, profile) =>
    machine.find((server) => profile === undefined || server.profile === profile) ?? null;
  return selectProfile(effective, environment, detect, new AbortController().signal);
}

async function server(given: Given): Promise<Omit<ModelServer, 'memory'>> {
  const selected = await select(given);
  if (selected.kind === 'offline') {
    throw new Error(selected.why);
  }
  return selected.server;
}

const ollama: DetectedServer = {
  profile: 'ollama',
  baseUrl: 'http://localhost:11434/v1',
  model: 'qwen2.5-coder:7b',
  why: 'Ollama answers at localhost:11434',
};
const own = { baseUrl: 'https://llm.example/v1', model: 'own' };

describe('what is chosen', () => {
  test('in order: flag, variable, project’s file, user’s file, and what is there', async () => {
    const everything = {
      flags: { profile: 'flag' },
      environment: {
        SQLQ_PROFILE: 'variable',
        OPENAI_API_KEY: 'sk-key',
        LLM_URL: 'http://llm/v1',
        LLM_MODEL: 'm',
      },
      project: { profile: 'project' },
      user: {
        profile: 'user',
        profiles: Object.fromEntries(['flag', 'variable', 'project', 'user'].map((name) => [name, own])),
      },
      machine: [ollama],
    };
    const { SQLQ_PROFILE: _, ...environment } = everything.environment;
    const { OPENAI_API_KEY: __, ...composed } = environment;
    const { profiles } = everything.user;
    const nothing = { flags: {}, environment, project: {}, user: {} };
    const steps: readonly [Given, string, string][] = [
      [everything, 'flag', 'profile flag, from --profile'],
      [{ ...everything, flags: {} }, 'variable', 'profile variable, from SQLQ_PROFILE'],
      [
        { ...everything, flags: {}, environment },
        'project',
        `profile project, from ${join(project, '.sqlqrc')}`,
      ],
      [
        { ...everything, ...nothing, user: everything.user },
        'user',
        `profile user, from ${join(home, '.config/sqlq/.sqlqrc')}`,
      ],
      [{ ...everything, ...nothing, user: { profiles } }, 'openai', 'OPENAI_API_KEY is set'],
      [{ ...everything, ...nothing, environment: composed }, 'docker-model-runner', 'LLM_URL is set'],
      [{ ...everything, ...nothing, environment: {} }, 'ollama', 'Ollama answers at localhost:11434'],
      [{}, 'offline', 'no key is set and no model server answers on this machine'],
    ];
    for (const [given, name, why] of steps) {
      expect(await select(given)).toMatchObject({ name, why });
    }
  });

  test('an address before a profile, unless the profile is nearer', async () => {
    const baseUrl = 'http://localhost:8080/v1';
    const flags = { baseUrl, model: 'm' };
    expect(await select({ flags, environment: { SQLQ_PROFILE: 'ollama' } })).toMatchObject({
      why: 'localhost:8080, from --base-url',
      server: { baseUrl, model: 'm', apiKey: null, isLocal: true },
    });
    const environment = { SQLQ_BASE_URL: baseUrl, SQLQ_MODEL: 'm' };
    expect(await select({ environment })).toMatchObject({ name: 'custom', server: { baseUrl } });
    expect(await select({ environment, flags: { profile: 'offline' } })).toMatchObject({ kind: 'offline' });
  });

  test('offline, by name or by a profile’s provider', async () => {
    expect(await select({ flags: { profile: 'offline' }, machine: [ollama] })).toMatchObject({
      kind: 'offline',
    });
    expect(await select({ user: { profile: 'p', profiles: { p: { provider: 'offline' } } } })).toMatchObject({
      kind: 'offline',
    });
  });
});

describe('the model', () => {
  test('of the profile, unless one is named as near as the profile', async () => {
    const user = { profiles: { own } };
    expect((await server({ user: { ...user, profile: 'own' } })).model).toBe('own');
    expect((await server({ user: { ...user, profile: 'own', model: 'all' } })).model).toBe('all');
    expect((await server({ user: { ...user, model: 'all' }, flags: { profile: 'own' } })).model).toBe('own');
    expect((await server({ user: { ...user, profile: 'own' }, flags: { model: 'flag' } })).model).toBe(
      'flag',
    );
    expect((await server({ user, flags: { profile: 'own' }, project: { model: 'gpt' } })).model).toBe('own');
  });

  test('of a server on this machine is what it has', async () => {
    expect(await server({ flags: { profile: 'ollama' }, machine: [ollama] })).toMatchObject({
      provider: 'ollama',
      model: 'qwen2.5-coder:7b',
    });
    expect(await server({ flags: { model: 'mine' }, machine: [ollama] })).toMatchObject({ model: 'mine' });
  });

  test('is Compose’s LLM_MODEL beside LLM_URL', async () => {
    const environment = { LLM_URL: 'http://model-runner.docker.internal/engines/v1/', LLM_MODEL: 'ai/qwen' };
    expect(await server({ environment })).toMatchObject({
      baseUrl: environment.LLM_URL,
      model: 'ai/qwen',
      isLocal: true,
    });
  });
});

describe('what a server is asked with', () => {
  test('every setting of a profile', async () => {
    const profile = {
      ...own,
      apiKey: '${LLM_KEY}',
      headers: { 'x-team': '${TEAM}' },
      temperature: 0.1,
      topP: 0.9,
      seed: 7,
      stop: ['x'],
      presencePenalty: 0.2,
      frequencyPenalty: 0.3,
      reasoningEffort: 'low',
      maxTokens: 500,
      contextSize: 8192,
      structured: 'tool',
      timeout: '30s',
      retries: 4,
      send: [],
    };
    const given: Given = {
      user: { profile: 'own', profiles: { own: profile } },
      environment: { LLM_KEY: 'secret', TEAM: 'data' },
    };
    const only = {
      provider: 'own',
      baseUrl: 'https://llm.example/v1',
      model: 'own',
      apiKey: 'secret',
      apiKeyVariable: 'LLM_KEY',
      headers: { 'x-team': 'data' },
      sampling: {
        temperature: 0.1,
        topP: 0.9,
        seed: 7,
        stop: ['x'],
        presencePenalty: 0.2,
        frequencyPenalty: 0.3,
        reasoningEffort: 'low',
      },
      maxTokens: 500,
      contextSize: 8192,
      timeoutMilliseconds: 30_000,
      structuredOutput: 'tool',
      retries: 4,
      proxy: null,
      isLocal: false,
    };
    expect(await select(given)).toEqual({
      kind: 'served',
      name: 'own',
      provider: providers['openai-compatible'],
      why: `profile own, from ${join(home, '.config/sqlq/.sqlqrc')}`,
      send: [],
      server: only,
      endpoints: [
        {
          server: only,
          weight: 1,
          limits: { requestsAtOnce: null, requestsPerMinute: null, tokensPerMinute: null },
        },
      ],
      sharing: { strategy: 'round-robin', hedge: false, probeAfterMilliseconds: 10_000, fallback: [] },
      prices: {},
    });
    const flags = { temperature: 1, maxTokens: 9 };
    expect(await server({ ...given, flags })).toMatchObject({ sampling: { temperature: 1 }, maxTokens: 9 });
  });
});

describe('a file that was merely found', () => {
  const elsewhere = { baseUrl: 'https://evil.example/v1', model: 'm' };

  test('gives OpenAI’s name to no other address while nobody asks for the profile', async () => {
    const environment = { OPENAI_API_KEY: 'sk-canary' };
    expect(await server({ environment, project: { profiles: { openai: elsewhere } } })).toMatchObject({
      baseUrl: 'https://api.openai.com/v1',
      apiKey: 'sk-canary',
    });
    expect(
      await server({ environment, project: { profile: 'openai', profiles: { openai: elsewhere } } }),
    ).toMatchObject({
      baseUrl: 'https://evil.example/v1',
      apiKey: null,
      apiKeyVariable: null,
    });
  });

  test('says nothing of what the user’s key costs, which their budget counts', async () => {
    const prices = { own: { input: 100, output: 100 } };
    const nothing = { own: { input: 0, output: 0 } };
    const user = { profile: 'p', profiles: { p: { ...own, apiKey: 'k', prices } } };
    expect(await select({ user, project: { profiles: { p: { prices: nothing } } } })).toMatchObject({
      prices,
    });
    const environment = { OPENAI_API_KEY: 'sk-canary' };
    expect(
      await select({ environment, project: { profiles: { openai: { prices: nothing } } } }),
    ).toMatchObject({ prices: {} });
  });

  test('may say OPENAI_API_KEY where it goes to OpenAI, and no other variable', async () => {
    const environment = { OPENAI_API_KEY: 'sk-canary', OTHER: 'canary' };
    const profile = (apiKey: string) => ({
      profile: 'p',
      profiles: { p: { baseUrl: 'https://api.openai.com/v1', model: 'm', apiKey } },
    });
    expect(await server({ environment, project: profile('${OPENAI_API_KEY}') })).toMatchObject({
      apiKey: 'sk-canary',
    });
    await expect(select({ environment, project: profile('${OTHER}') })).rejects.toThrow(
      `${join(project, '.sqlqrc')}: profiles.p.apiKey uses the variable OTHER, and this file is not trusted with it.`,
    );
  });
});

describe('errors', () => {
  test.each<[string, Given, string, string]>([
    [
      'no such profile',
      { flags: { profile: 'olama' } },
      'There is no profile "olama".',
      'Did you mean ollama? There are: offline, openai, docker-model-runner, ollama.',
    ],
    [
      'no address',
      { user: { profile: 'p', profiles: { p: { model: 'm' } } } },
      'The profile "p" has no baseUrl.',
      'Add profiles.p.baseUrl to .sqlqrc, or give --base-url.',
    ],
    [
      'no address of the web',
      { flags: { baseUrl: 'localhost:8080', model: 'm' } },
      'The base URL of custom is not an http or https URL.',
      'It looks like http://localhost:11434/v1.',
    ],
    [
      'no model for an address',
      { flags: { baseUrl: 'http://localhost:8080/v1' } },
      'No model is named for custom.',
      'Give --model. To see what there is: sqlq models --base-url http://localhost:8080/v1',
    ],
  ])('%s', async (_name, given, message, hint) => {
    await expect(select(given)).rejects.toMatchObject({ code: 'usage', message, hint });
  });

  test('a server of this machine that does not answer, or has nothing', async () => {
    await expect(select({ flags: { profile: 'ollama' } })).rejects.toMatchObject({
      code: 'failed',
      message: 'No model answers for ollama at localhost:11434.',
      hint: 'Start Ollama: `ollama serve`. Get a model: `ollama pull MODEL`. Or take another --profile.',
    });
    await expect(
      select({ flags: { profile: 'docker-model-runner' }, machine: [ollama] }),
    ).rejects.toMatchObject({
      code: 'failed',
      message: 'No model answers for docker-model-runner at localhost:12434.',
    });
  });

  test('a variable that is not set', async () => {
    const user = { profile: 'p', profiles: { p: { ...own, apiKey: '${NO_SUCH_KEY}' } } };
    await expect(select({ user })).rejects.toMatchObject({
      code: 'usage',
      message: `${join(home, '.config/sqlq/.sqlqrc')}: profiles.p.apiKey needs the variable NO_SUCH_KEY, which is not set.`,
    });
  });
});
