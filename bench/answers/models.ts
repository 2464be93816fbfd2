import { homedir } from 'node:os';
import { loadSettings } from '../../src/config/load.ts';
import { selectProfile } from '../../src/config/profiles.ts';
import type { Model, Rung } from '../../src/model/model.ts';

/** The model of a profile: `offline`, or one of the settings in effect in this folder. */
export async function modelOf(profile: string): Promise<Model> {
  if (profile === 'offline') return (await import('../../src/offline/offline.ts')).createOfflineModel();
  const settings = await loadSettings({
    flags: { profile },
    environment: process.env,
    workingDirectory: process.cwd(),
    homeFolder: homedir(),
  });
  const { containerCandidates, detectServer, localCandidates } = await import(
    '../../src/model/openai/detect.ts'
  );
  const selected = await selectProfile(
    settings,
    process.env,
    (signal, name) =>
      detectServer(
        [...localCandidates, ...containerCandidates].filter(
          (candidate) => name === undefined || candidate.profile === name,
        ),
        signal,
      ),
    AbortSignal.timeout(30_000),
  );
  if (selected.kind === 'offline') return modelOf('offline');
  const { createServedModel } = await import('../../src/model/openai/served-model.ts');
  const memory = new Map<string, Rung>();
  return createServedModel({
    ...selected.server,
    rungMemory: {
      get: async (key) => memory.get(key) ?? null,
      set: async (key, rung) => {
        memory.set(key, rung);
      },
    },
  });
}
