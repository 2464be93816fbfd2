import type { Selected } from '../../config/profiles.ts';
import type { ServedProfile } from '../../config/served.ts';
import { createMeteredModel } from '../../model/endpoints/metered-model.ts';
import { free } from '../../model/endpoints/price.ts';
import type { Model } from '../../model/model.ts';
import type { ServedProvider } from '../../model/provider.ts';
import { providers } from '../../model/providers.ts';
import type { ModelServer } from '../../model/server.ts';
import type { CommandContext } from '../context.ts';
import { type ChosenServer, chooseProfile, placesOf, serverOf } from './profile.ts';
import type { Setup } from './setup.ts';

/** What answers a run's questions. */
export interface ChosenModel {
  readonly model: Model;
  /** Characters of schema text that fit its window. */
  readonly schemaBudget: number;
  /** What was chosen, or recorded replies, which need no choice. */
  readonly selected: Selected | { readonly kind: 'recorded' };
  /** Reads questions once more, to doubt what the model made of them; loaded when it is needed. */
  readonly secondModel: (() => Promise<Model>) | null;
  /** The protocol that a server is asked in; null where none is asked. */
  readonly provider: ServedProvider | null;
  /** The server, where one is asked. */
  readonly server: ModelServer | null;
}

/** Chooses the provider and says on stderr which it is and why. */
export async function chooseModel(setup: Setup, context: CommandContext): Promise<ChosenModel> {
  const selected = await chooseProfile(setup, context);
  const { terminal } = setup;
  const say = (text: string): void => terminal.note(terminal.style('dim', terminal.escape(text)));
  // The host stands there, because a settings file that was found in the folder can have chosen it.
  say(`Asking ${placesOf(selected)} (${selected.why})${standIns(selected)}.`);
  if (selected.kind === 'offline') {
    const model = (await providers.offline.load()).create();
    return {
      model,
      schemaBudget: Number.POSITIVE_INFINITY,
      selected,
      secondModel: null,
      provider: null,
      server: null,
    };
  }
  const provider = await selected.provider.load();
  const { budgets, ...chosen } = isShared(selected, setup)
    ? await (await import('./balanced.ts')).balancedModel(setup, context, selected)
    : await onlyServer(setup, context, selected, provider);
  if (budgets.length > 0) {
    say(`Budget: ${budgets.join('; ')}.`);
  }
  return { ...chosen, selected, secondModel: secondModel(), provider };
}

/** What reads questions besides a model, made when it is first asked. */
export function secondModel(): () => Promise<Model> {
  let made: Promise<Model> | null = null;
  return () => {
    made ??= providers.offline.load().then((offline) => offline.loadSecond());
    return made;
  };
}

/** Whether there is more to a profile than a server that answers every question. */
function isShared({ endpoints, sharing }: ServedProfile, { settings, sharedModels }: Setup): boolean {
  const { budget, dayBudget, monthBudget } = settings.values;
  return (
    sharedModels !== undefined ||
    endpoints.length > 1 ||
    sharing.fallback.length > 0 ||
    endpoints.some(({ limits }) => Object.values(limits).some((limit) => limit !== null)) ||
    [budget, dayBudget, monthBudget].some((amount) => amount !== null)
  );
}

async function onlyServer(
  setup: Setup,
  context: CommandContext,
  selected: ServedProfile,
  provider: ServedProvider,
): Promise<ChosenServer> {
  const server = serverOf(selected.server, setup.cache);
  const contextSize =
    server.contextSize ?? (server.isLocal ? await provider.contextSize(server, context.signal) : null);
  const sized = { ...server, contextSize };
  const model = createMeteredModel({
    model: provider.create(sized),
    host: new URL(server.baseUrl).host,
    price: selected.prices[server.model] ?? (server.isLocal ? free : null),
    state: async () => (await import('./model-state.ts')).modelStateOf(setup),
    now: context.now,
  });
  return {
    model,
    schemaBudget: provider.schemaBudget(sized, setup.settings.values.schemaTokens),
    server: sized,
    budgets: [],
  };
}

function standIns(selected: Selected): string {
  const names = selected.kind === 'served' ? selected.sharing.fallback : [];
  return names.length === 0 ? '' : `; where none answers, ${names.join(', then ')}`;
}
