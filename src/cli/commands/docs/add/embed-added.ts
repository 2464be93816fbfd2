import { sendOf } from '../../../../config/egress.ts';
import type { SendKind } from '../../../../config/settings/send.ts';
import type { Store } from '../../../../knowledge/store.ts';
import { counted } from '../../../../render/quantity.ts';
import type { CommandContext } from '../../../context.ts';
import { embedderOf, embedPieces } from '../../../run/embeddings.ts';
import { chooseProfile, serverOf } from '../../../run/profile.ts';
import type { Setup } from '../../../run/setup.ts';

/** Documents of a database, and what of it may be sent, where it says. */
interface AddedDocuments {
  readonly store: Store;
  readonly place: string;
  readonly send: readonly SendKind[] | null;
}

/** Has the server of the profile make vectors of what has none, where the settings name a model for that. */
export async function embedAdded(
  setup: Setup,
  context: CommandContext,
  { store, place, send }: AddedDocuments,
): Promise<void> {
  const { terminal, settings } = setup;
  if (settings.values.embeddingModel === null || !settings.values.docs) {
    return;
  }
  const selected = await chooseProfile(setup, context);
  if (selected.kind === 'offline') {
    terminal.note('No embeddings are made: the offline engine answers, and no server.');
    return;
  }
  if (!sendOf(settings, send, selected.send).includes('comments')) {
    terminal.note('No embeddings are made: documents are not sent where comments are not (send).');
    return;
  }
  const provider = await selected.provider.load();
  const embedder = embedderOf(setup, provider, serverOf(selected.server, setup.cache), context.now);
  if (embedder === null) {
    return;
  }
  const onStep = (done: number, total: number): void =>
    terminal.progress.step(`Sending pieces to ${terminal.escape(embedder.host)}: ${done} of ${total}`);
  const count = await embedPieces(store, place, embedder, onStep, context.signal);
  if (count > 0) {
    const text = `Sent ${counted(count, 'piece')} to ${embedder.host} for embeddings by ${embedder.model}.`;
    terminal.note(terminal.escape(text));
  }
}
