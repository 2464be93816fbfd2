import { homedir } from 'node:os';
import { loadSettings } from '../../src/config/load.ts';
import { selectProfile } from '../../src/config/profiles.ts';
import type { Model } from '../../src/model/model.ts';
import { detectServer, providers } from '../../src/model/providers.ts';

/** The model of a profile: `offline`, or one of the settings in effect in this folder. */
export async function modelOf(profile: string): Promise<Model> {
  if (profile === 'offline') {
    return (await providers.offline.load()).create();
  }
  const settings = await loadSettings({
    flags: { profile },
    environment: process.env,
    workingDirectory: process.cwd(),
    homeFolder: homedir(),
  });
  const selected = await selectProfile(
    settings,
    process.env,
    (signal, name) => detectServer({ inContainer: true, profile: name ?? null, baseUrls: {} }, signal),
    AbortSignal.timeout(30_000),
  );
  if (selected.kind === 'offline') {
    return modelOf('offline');
  }
  const provider = await selected.provider.load();
  const memory = new Map<string, string>();
  return provider.create({
    ...selected.server,
    memory: {
      read: async (key) => memory.get(key) ?? null,
      write: async (key, text) => {
        memory.set(key, text);
      },
    },
  });
}
