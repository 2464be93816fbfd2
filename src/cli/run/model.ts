import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type Selected, selectProfile } from '../../config/profiles.ts';
import type { Model, Rung } from '../../model/model.ts';
import type { ModelServer, RungMemory } from '../../model/server.ts';
import type { TextStore } from '../../schema/cache.ts';
import type { CommandContext } from '../context.ts';
import type { Setup } from './setup.ts';

/** What answers a run's questions. */
export interface ChosenModel {
  readonly model: Model;
  /** Characters of schema text that fit its window. */
  readonly schemaBudget: number;
  readonly selected: Selected;
  /** The server, where one is asked. */
  readonly server: ModelServer | null;
}

/** Chooses the provider and says on stderr which it is and why. */
export async function chooseModel(setup: Setup, context: CommandContext): Promise<ChosenModel> {
  const selected = await chooseProfile(setup, context);
  const { terminal } = setup;
  // The host stands there, because a settings file that was found in the folder can have chosen it.
  const name =
    selected.kind === 'offline'
      ? 'offline'
      : `${selected.name}, ${selected.server.model} at ${new URL(selected.server.baseUrl).host}`;
  terminal.note(terminal.style('dim', terminal.escape(`Asking ${name} (${selected.why}).`)));
  if (selected.kind === 'offline') {
    const { createOfflineModel } = await import('../../offline/offline.ts');
    return { model: createOfflineModel(), schemaBudget: Number.POSITIVE_INFINITY, selected, server: null };
  }
  const [{ createServedModel }, { schemaBudget }, { contextSizeOf }] = await Promise.all([
    import('../../model/openai/served-model.ts'),
    import('../../model/openai/window.ts'),
    import('../../model/openai/context-size.ts'),
  ]);
  const server = serverOf(selected, setup.cache);
  const model = createServedModel(server);
  if (!server.isLocal || server.contextSize !== null)
    return { model, schemaBudget: schemaBudget(server), selected, server };
  const contextSize = await rememberedContextSize(server, setup.cache, context, () =>
    contextSizeOf(server, context.signal),
  );
  const sized = { ...server, contextSize };
  return {
    model: contextSize === null ? model : createServedModel(sized),
    schemaBudget: schemaBudget(sized),
    selected,
    server: sized,
  };
}

/** The profile that flags, settings, variables and this machine lead to. */
export async function chooseProfile(setup: Setup, context: CommandContext): Promise<Selected> {
  const selected = await selectProfile(
    setup.settings,
    context.environment,
    async (signal, profile) => {
      const { containerCandidates, detectServer, localCandidates } = await import(
        '../../model/openai/detect.ts'
      );
      const inContainer = existsSync('/.dockerenv') || existsSync('/run/.containerenv');
      const candidates = inContainer ? [...localCandidates, ...containerCandidates] : localCandidates;
      return detectServer(
        profile === undefined ? candidates : candidates.filter((candidate) => candidate.profile === profile),
        signal,
      );
    },
    context.signal,
  );
  if (selected.kind === 'served') {
    const { apiKey, headers } = selected.server;
    if (apiKey !== null) context.secrets.add(apiKey);
    for (const value of Object.values(headers)) context.secrets.add(value);
  }
  return selected;
}

/** A profile's server with a memory of the rung that it obeys. */
export function serverOf(selected: Extract<Selected, { kind: 'served' }>, cache: TextStore): ModelServer {
  return { ...selected.server, rungMemory: rungMemory(cache) };
}

/** A local server keeps its window until it is started anew; asking for it at each question would take a request. */
const contextSizeAge = 10 * 60_000;

async function rememberedContextSize(
  server: ModelServer,
  cache: TextStore,
  context: CommandContext,
  ask: () => Promise<number | null>,
): Promise<number | null> {
  const key = `window-${digest(`${server.baseUrl} ${server.model}`)}`;
  const now = context.now().getTime();
  const [size = '', time = ''] = ((await cache.read(key)) ?? '').split(' ');
  if (/^\d+$/u.test(size) && Math.abs(now - Number(time)) < contextSizeAge) return Number(size);
  const found = await ask();
  if (found !== null) await cache.write(key, `${found} ${now}`);
  return found;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

const rungs: readonly Rung[] = ['json_schema', 'json_object', 'tool', 'text'];

function rungMemory(cache: TextStore): RungMemory {
  const keyOf = (key: string): string => `rung-${digest(key)}`;
  return {
    async get(key) {
      const text = await cache.read(keyOf(key));
      return rungs.find((rung) => rung === text) ?? null;
    },
    set: (key, rung) => cache.write(keyOf(key), rung),
  };
}
