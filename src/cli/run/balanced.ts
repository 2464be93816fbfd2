import { createHash } from 'node:crypto';
import { selectFallback } from '../../config/profiles.ts';
import type { ServedEndpoint, ServedProfile } from '../../config/served.ts';
import { createBalancedModel, type Fallback } from '../../model/endpoints/balanced-model.ts';
import { openUntil } from '../../model/endpoints/breaker.ts';
import { createPurse } from '../../model/endpoints/budget.ts';
import type { Endpoint } from '../../model/endpoints/endpoint.ts';
import { free } from '../../model/endpoints/price.ts';
import type { ModelState } from '../../model/endpoints/state.ts';
import type { ServedProvider } from '../../model/provider.ts';
import { providers } from '../../model/providers.ts';
import type { ModelServer } from '../../model/server.ts';
import type { CommandContext } from '../context.ts';
import { modelStateOf } from './model-state.ts';
import { type ChosenServer, detectHere, keepSecrets, serverOf } from './profile.ts';
import type { Setup } from './setup.ts';

/** The model of a profile whose questions are shared out, limited, or counted against a budget. */
export async function balancedModel(
  setup: Setup,
  context: CommandContext,
  selected: ServedProfile,
): Promise<ChosenServer> {
  const { terminal } = setup;
  const { budget, dayBudget, monthBudget } = setup.settings.values;
  const { sharing, prices, name } = selected;
  const state = await modelStateOf(setup);
  const provider = await selected.provider.load();
  const all = await Promise.all(
    selected.endpoints.map(async (endpoint) => {
      const key = keyOf(endpoint.server);
      const server = await sized(
        serverOf(endpoint.server, setup.cache),
        key,
        provider,
        state,
        context.signal,
      );
      return { key, endpoint, server };
    }),
  );
  const purse = createPurse({ question: budget, day: dayBudget, month: monthBudget }, state, context.now);
  const isOnlyOne = all.length === 1;
  const endpoints = all.map(({ key, endpoint, server }): Endpoint => {
    const { weight, limits } = endpoint;
    return {
      key,
      host: new URL(server.baseUrl).host,
      // Where there are others, they are asked before the same is asked again.
      model: provider.create(isOnlyOne ? server : { ...server, retries: 0 }),
      weight,
      limits,
      price: prices[server.model] ?? (server.isLocal ? free : null),
      maxTokens: server.maxTokens,
      ping: async (signal) => void (await provider.listModels(server, signal)),
    };
  });
  setup.sharedModels?.met(endpoints);
  const [first] = all;
  if (first === undefined) {
    throw new Error('a profile has a server');
  }
  return {
    model: createBalancedModel({
      profile: name,
      endpoints,
      strategy: sharing.strategy,
      hedge: sharing.hedge,
      fallbacks: sharing.fallback.map((other) => fallbackOf(setup, context, other)),
      retries: first.server.retries,
      timeoutMilliseconds: first.server.timeoutMilliseconds,
      probeAfter: sharing.probeAfterMilliseconds,
      state,
      purse,
      now: context.now,
      warn: (text) => terminal.warn(terminal.style('yellow', terminal.escape(text))),
    }),
    schemaBudget: Math.min(
      ...all.map(({ server }) => provider.schemaBudget(server, setup.settings.values.schemaTokens)),
    ),
    server: first.server,
    budgets: purse.describe(),
  };
}

/** The same of a server and a model in each run; no key is in it. */
export function keyOf({ baseUrl, model, apiKeyVariable }: ServedEndpoint['server']): string {
  return createHash('sha256')
    .update(`${baseUrl} ${model} ${apiKeyVariable ?? ''}`)
    .digest('hex')
    .slice(0, 32);
}

/** A server with its window, where it tells it; one that is down is not asked. */
async function sized(
  server: ModelServer,
  key: string,
  provider: ServedProvider,
  state: ModelState,
  signal: AbortSignal,
): Promise<ModelServer> {
  const isDown = state.update([key], (records) => ({
    records,
    value: records.some((record) => openUntil(record) !== null),
  }));
  const asks = server.contextSize === null && server.isLocal && !isDown;
  return { ...server, contextSize: asks ? await provider.contextSize(server, signal) : server.contextSize };
}

/** A profile that is chosen and connected to when it is needed. */
function fallbackOf(setup: Setup, context: CommandContext, name: string): Fallback {
  return {
    name,
    async load(signal) {
      const inTime = { ...context, signal };
      const other = await selectFallback(
        name,
        setup.settings,
        context.environment,
        detectHere(inTime),
        signal,
      );
      if (other.kind === 'offline') {
        return { model: (await providers.offline.load()).create(), host: null };
      }
      keepSecrets(other, context);
      // What would stand in for a fallback is not asked for by anybody.
      const alone = { ...other, sharing: { ...other.sharing, fallback: [] } };
      const { model, server } = await balancedModel(setup, inTime, alone);
      return { model, host: new URL(server.baseUrl).host };
    },
  };
}
