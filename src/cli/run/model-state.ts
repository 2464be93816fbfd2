import { createMemoryState, type ModelState } from '../../model/endpoints/state.ts';
import type { Setup } from './setup.ts';

const opened = new WeakMap<object, Promise<ModelState>>();

/** What the processes of this user know of model servers, and what they have used, opened once in a run. Never rejects. */
export function modelStateOf({ report, modelsFile, terminal, sharedModels }: Setup): Promise<ModelState> {
  const found = opened.get(report);
  if (found !== undefined) {
    return found;
  }
  const open = async (): Promise<ModelState> => {
    if (modelsFile === null) {
      return createMemoryState();
    }
    const { openModelState } = await import('../../memory/model-state.ts');
    const { state, warning } = await openModelState(modelsFile);
    if (warning !== null) {
      terminal.warn(terminal.style('yellow', terminal.escape(warning)));
    }
    return state;
  };
  const state = sharedModels === undefined ? open() : open().then(sharedModels.share);
  opened.set(report, state);
  return state;
}
