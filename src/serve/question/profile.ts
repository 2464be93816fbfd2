import { HttpError } from '../http-error.ts';
import type { Work } from './work.ts';

/** The profile that a question is asked of: the one that is named, where the caller may name it; null for the usual one. */
export async function profileFor(
  { parts: { workspace }, caller }: Pick<Work, 'parts' | 'caller'>,
  named: string | undefined,
): Promise<string | null> {
  const models = await workspace.models();
  const own = models.filter(({ profile }) => caller.profiles?.includes(profile) !== false);
  if (named !== undefined && !own.some(({ profile }) => profile === named)) {
    throw new HttpError('not-found', `No profile is called "${named}" here.`, {
      hint: `There are: ${own.map(({ profile }) => profile).join(', ')}.`,
    });
  }
  if (named !== undefined || own.some(({ usual }) => usual)) {
    return named ?? null;
  }
  const [first] = own;
  if (first === undefined) {
    throw new HttpError('forbidden', 'You may ask no model of this server.');
  }
  return first.profile;
}
