import { sendOf } from '../../../config/egress.ts';
import type { Effective } from '../../../config/load.ts';
import { isShared, namedModel } from '../../../config/named-model.ts';
import { providers } from '../../../model/providers.ts';
import type { RecordedCase } from '../../../suite/recording.ts';
import { replayingModel, stale } from '../../../suite/replay.ts';
import type { OpenedDatabase } from '../../run/database.ts';
import { type ChosenModel, secondModel } from '../../run/model.ts';

/**
 * Whether a case's kept replies are given; not where the offline engine is to answer. A setting of one's own says nothing
 * against what others have recorded. Throws a StaleRecordingError where there are none, or of another provider or model.
 */
export function givesAgain(
  settings: Effective,
  kept: RecordedCase | undefined,
  recordings: ReadonlyMap<string, RecordedCase>,
): boolean {
  const shared = namedModel(settings, (source) => isShared(source, settings));
  if (shared.offline) {
    return false;
  }
  if (kept === undefined) {
    const { provider, offline } = namedModel(settings);
    if (recordings.size === 0 && (provider === null || offline)) {
      return false;
    }
    throw stale('Nothing is recorded for this case');
  }
  if (shared.provider !== null && shared.provider !== kept.provider) {
    throw stale(`It was recorded with the profile ${kept.provider}, and ${shared.provider} is asked now`);
  }
  if (shared.model !== null && shared.model !== kept.model) {
    throw stale(`It was recorded with the model ${kept.model}, and ${shared.model} is asked now`);
  }
  return true;
}

/** What the model is told of a database; where replies are given again, what it was told then, unless the project says. */
export function sentTo(
  settings: Effective,
  { send }: OpenedDatabase,
  { selected }: ChosenModel,
  kept: RecordedCase | undefined,
): readonly string[] {
  if (kept === undefined) {
    return sendOf(settings, send, selected.kind === 'served' ? selected.send : null);
  }
  const own = settings.profiles.get(kept.provider);
  const profile = own?.origin?.trusted === false ? (own.settings.send ?? null) : null;
  const decided = isShared(settings.sources.send, settings) || send !== null || profile !== null;
  return decided ? sendOf(settings, send, profile) : kept.send;
}

/** What gives kept replies again. */
export function replayed(kept: RecordedCase): ChosenModel {
  return {
    model: replayingModel(kept),
    schemaBudget: kept.schemaBudget,
    selected: { kind: 'recorded' },
    secondModel: secondModel(),
    provider: null,
    server: null,
  };
}

/** The engine that is built in. */
export async function offlineModel(): Promise<ChosenModel> {
  return {
    model: (await providers.offline.load()).create(),
    schemaBudget: Number.POSITIVE_INFINITY,
    selected: { kind: 'offline', name: 'offline', why: 'no other is named' },
    secondModel: null,
    provider: null,
    server: null,
  };
}
