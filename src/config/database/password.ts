import type { ServerAddress } from '../../database/dialect.ts';
import { isLoopbackHost } from '../../model/address.ts';
import type { ClientSettings } from './client-file.ts';
import { findPgpass } from './pgpass.ts';
import { isSameHost, isSameServer, placeOf, type ServerPlace, type Sources } from './place.ts';
import type { ServerUrl } from './server-url.ts';
import type { TargetContext } from './target-context.ts';

const nowhere = { host: null, port: null, socket: null, user: null, database: null };

/**
 * The password for a place, where the URL has none. One follows the host, port and user that it belongs to: that of a file
 * of the clients, what the file says beside it; that of a variable, the variables' own place. To an address that the user
 * gives it goes all the same; to one of a file that was merely found, never.
 */
export async function passwordFor(
  place: ServerPlace,
  url: ServerUrl,
  address: ServerAddress,
  sources: Sources,
  context: TargetContext,
): Promise<string | null> {
  const untrusted = context.untrusted ?? null;
  const { service, variables, optionFile } = sources;
  const own = placeOf(nowhere, address, sources);
  const isOwn = isSameServer(place, own) && place.user === own.user;
  const mayHave = (settings: ClientSettings): boolean =>
    isPlaceOf(settings, place) && (untrusted === null || isOwn);
  if (service.password !== undefined && mayHave(service)) {
    return service.password;
  }
  if (variables.password !== undefined) {
    if (untrusted === null || isOwn) {
      return variables.password;
    }
    context.warn?.(
      `The password in ${address.variables.password.join(' or ')} is for ${own.user} at ${nameOf(own)}. It does not go to ${place.user} at ${nameOf(place)}, which ${untrusted} names: use --db, or put the database into your own settings.`,
    );
  }
  if (optionFile.password !== undefined && mayHave(optionFile)) {
    return optionFile.password;
  }
  // With a root certificate of the file's choice, the host may be anybody.
  if (!address.readsPgpass || (untrusted !== null && !isOwn && url.tls.ca !== null)) {
    return null;
  }
  const isLocal = place.socket !== null || isLoopbackHost(place.host);
  const { password, warning } = await findPgpass(
    {
      host: place.socket === null ? place.host : 'localhost',
      port: place.port,
      database: place.database ?? place.user,
      user: place.user,
    },
    context.environment,
    context.homeFolder,
    {
      namedHost: untrusted !== null && !isOwn,
      // Over a network the certificate says who answers; here anybody may listen on a port.
      namedPort: untrusted !== null && !isOwn && isLocal && place.port !== address.defaultPort,
    },
  );
  if (warning !== null) {
    context.warn?.(warning);
  }
  return password;
}

/** Whether what a file says of host, port and user is true of a place. */
function isPlaceOf({ host, port, user, socket }: ClientSettings, place: ServerPlace): boolean {
  return (
    (host === undefined || (host.startsWith('/') ? place.socket === host : isSameHost(host, place.host))) &&
    (socket === undefined || place.socket === null || place.socket === socket) &&
    (port === undefined || Number(port) === place.port) &&
    (user === undefined || user === place.user)
  );
}

function nameOf({ host, port, socket }: ServerPlace): string {
  return socket ?? `${host}:${port}`;
}
