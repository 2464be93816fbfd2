import { isLoopbackHost } from '../../../model/address.ts';
import type { Models } from '../../../serve/api/databases.ts';
import type { CommandContext } from '../../context.ts';
import type { ChosenModel } from '../../run/model.ts';
import type { Setup } from '../../run/setup.ts';

/** The profiles that may be asked: those of the settings, the usual one, and the engine that needs no server. */
export async function servedModels(
  { settings }: Setup,
  _context: CommandContext,
  choose: () => Promise<ChosenModel>,
): Promise<Models['models']> {
  const { selected } = await choose();
  const usual =
    selected.kind === 'served'
      ? {
          profile: selected.name,
          provider: selected.name,
          model: selected.server.model,
          local: isLoopbackHost(new URL(selected.server.baseUrl).hostname),
        }
      : { profile: 'offline', provider: 'offline', model: null, local: true };
  const own = [...settings.profiles].map(([profile, { settings: its }]) => {
    const address = URL.parse(its.baseUrl ?? '');
    return {
      profile,
      provider: its.provider ?? 'openai-compatible',
      model: its.model ?? null,
      local: its.provider === 'offline' || (address !== null && isLoopbackHost(address.hostname)),
    };
  });
  const offline = { profile: 'offline', provider: 'offline', model: null, local: true };
  const all = [usual, ...own, offline].filter(
    (one, index, every) => every.findIndex(({ profile }) => profile === one.profile) === index,
  );
  return all.map((one) => ({ ...one, usual: one.profile === usual.profile }));
}
