import type { BuiltInProvider } from '../model/provider.ts';
import { buildsOn } from './follow-up/follow-up.ts';
import { createOfflineModel } from './offline.ts';
import { sqlInWords } from './query/words.ts';

/** The engine that needs no model. */
export const offline: BuiltInProvider = {
  kind: 'built-in',
  create: createOfflineModel,
  createSecond: () => createOfflineModel({ tongues: false, surest: true }),
  buildsOn,
  inWords: sqlInWords,
};
