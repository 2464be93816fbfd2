import { join, resolve } from 'node:path';
import { type Environment, variable } from './environment.ts';

/**
 * Where the users of a server are: what a flag says, what SQLQ_USERS says, or a file of the folder where things are kept. A
 * URL stays as it is, a path is one from the folder that is worked in.
 */
export function usersPlace(
  given: string | undefined,
  {
    environment,
    workingDirectory,
    stateFolder,
  }: { readonly environment: Environment; readonly workingDirectory: string; readonly stateFolder: string },
): string {
  const named = given ?? variable(environment, 'SQLQ_USERS');
  if (named === null) {
    return join(stateFolder, 'users.sqlite');
  }
  return isPostgresUrl(named) ? named : resolve(workingDirectory, named);
}

/** Whether users are at a server of PostgreSQL, and not in a file. */
export function isPostgresUrl(place: string): boolean {
  return /^postgres(?:ql)?:\/\//iu.test(place);
}

/** The password of a URL of users; null where there is none. */
export function usersPassword(place: string): string | null {
  const password = isPostgresUrl(place) ? (URL.parse(place)?.password ?? '') : '';
  return password === '' ? null : decodeURIComponent(password);
}
