import { existsSync } from 'node:fs';
import { movedAddresses } from '../../config/known-profiles.ts';
import { type Detect, type Selected, selectProfile } from '../../config/profiles.ts';
import { type ServedProfile, secretsOfServer } from '../../config/served.ts';
import type { Model } from '../../model/model.ts';
import { detectServer } from '../../model/providers.ts';
import type { ModelServer } from '../../model/server.ts';
import type { TextStore } from '../../schema/cache.ts';
import type { CommandContext } from '../context.ts';
import type { Setup } from './setup.ts';

/** A model behind a server, or several. */
export interface ChosenServer {
  readonly model: Model;
  readonly schemaBudget: number;
  /** The first of its servers. */
  readonly server: ModelServer;
  /** How much of each budget is used, a line each. */
  readonly budgets: readonly string[];
}

/** The profile that flags, settings, variables and this machine lead to. */
export async function chooseProfile(setup: Setup, context: CommandContext): Promise<Selected> {
  const { environment, signal } = context;
  const selected = await selectProfile(setup.settings, environment, detectHere(context), signal);
  keepSecrets(selected, context);
  return selected;
}

/** Finds a model server on this machine. */
export function detectHere({ environment }: CommandContext): Detect {
  return (signal, profile) =>
    detectServer(
      {
        inContainer: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
        profile: profile ?? null,
        baseUrls: movedAddresses(environment),
      },
      signal,
    );
}

/** Whatever is shown from now on goes without the secrets of a profile. */
export function keepSecrets(selected: Selected, { secrets }: CommandContext): void {
  const servers = selected.kind === 'served' ? selected.endpoints : [];
  for (const secret of servers.flatMap(({ server }) => secretsOfServer(server))) {
    secrets.add(secret);
  }
}

/** A server, with the place where its provider keeps what it learns of it. */
export function serverOf(server: ServedProfile['server'], cache: TextStore): ModelServer {
  return { ...server, memory: cache };
}

/** What answers, and where: `mine, qwen at 10.0.0.5:8080 and 10.0.0.6:8080`. */
export function placesOf(selected: Selected): string {
  if (selected.kind === 'offline') {
    return 'offline';
  }
  const models = new Set(selected.endpoints.map(({ server }) => server.model));
  const places = selected.endpoints.map(({ server }) => {
    const { host } = new URL(server.baseUrl);
    return models.size === 1 ? host : `${server.model} at ${host}`;
  });
  const [model = ''] = models;
  const list = places.join(', ').replace(/, (?=[^,]*$)/u, ' and ');
  return `${selected.name}, ${models.size === 1 ? `${model} at ${list}` : list}`;
}
