import { foldersOf } from '../../config/folders.ts';
import { usersPassword, usersPlace } from '../../config/users.ts';
import type { CommandContext } from '../context.ts';

/** The place of users that a command is given; its password is never shown from then on. */
export function placeOfUsers(given: string | undefined, context: CommandContext): string {
  const { environment, homeFolder, workingDirectory, secrets } = context;
  const { state: stateFolder } = foldersOf(environment, homeFolder);
  const place = usersPlace(given, { environment, workingDirectory, stateFolder });
  const password = usersPassword(place);
  if (password !== null) {
    secrets.add(password);
  }
  return place;
}
