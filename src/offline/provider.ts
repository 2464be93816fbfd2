import type { BuiltInProvider } from '../model/provider.ts';
import { buildsOn } from './follow-up/follow-up.ts';
import { createOfflineModel, loadOfflineModel } from './offline.ts';
import { sqlInWords } from './query/words.ts';

/** The engine that needs no model. */
export const offline: BuiltInProvider = {
  kind: 'built-in',
  create: createOfflineModel,
  loadSecond: () => loadOfflineModel({ tongues: false, surest: true }),
  buildsOn,
  inWords: sqlInWords,
};
