import { existsSync } from 'node:fs';
import { movedAddresses } from '../../config/known-profiles.ts';
import { type Selected, selectProfile } from '../../config/profiles.ts';
import { secretsOfServer } from '../../config/served.ts';
import type { Model } from '../../model/model.ts';
import type { ServedProvider } from '../../model/provider.ts';
import { detectServer, providers } from '../../model/providers.ts';
import type { ModelServer } from '../../model/server.ts';
import type { TextStore } from '../../schema/cache.ts';
import type { CommandContext } from '../context.ts';
import type { Setup } from './setup.ts';

/** What answers a run's questions. */
export interface ChosenModel {
  readonly model: Model;
  /** Characters of schema text that fit its window. */
  readonly schemaBudget: number;
  /** What was chosen, or recorded replies, which need no choice. */
  readonly selected: Selected | { readonly kind: 'recorded' };
  /** The protocol that a server is asked in; null where none is asked. */
  readonly provider: ServedProvider | null;
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
    const model = (await providers.offline.load()).create();
    return { model, schemaBudget: Number.POSITIVE_INFINITY, selected, provider: null, server: null };
  }
  const provider = await selected.provider.load();
  const server = serverOf(selected, setup.cache);
  const contextSize =
    server.contextSize ?? (server.isLocal ? await provider.contextSize(server, context.signal) : null);
  const sized = { ...server, contextSize };
  return {
    model: provider.create(sized),
    schemaBudget: provider.schemaBudget(sized),
    selected,
    provider,
    server: sized,
  };
}

/** The profile that flags, settings, variables and this machine lead to. */
export async function chooseProfile(setup: Setup, context: CommandContext): Promise<Selected> {
  const selected = await selectProfile(
    setup.settings,
    context.environment,
    (signal, profile) =>
      detectServer(
        {
          inContainer: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
          profile: profile ?? null,
          baseUrls: movedAddresses(context.environment),
        },
        signal,
      ),
    context.signal,
  );
  if (selected.kind === 'served') {
    for (const secret of secretsOfServer(selected.server)) {
      context.secrets.add(secret);
    }
  }
  return selected;
}

/** A profile's server, with the place where its provider keeps what it learns of it. */
export function serverOf(selected: Extract<Selected, { kind: 'served' }>, cache: TextStore): ModelServer {
  return { ...selected.server, memory: cache };
}
