import type { Model } from '../../src/model/model.ts';

/** The model of a profile. */
export async function modelOf(profile: string): Promise<Model> {
  if (profile === 'offline') return (await import('../../src/model/offline/offline.ts')).createOfflineModel();
  throw new Error(`no such profile: ${profile}; known: offline`);
}
