import { lookup } from 'node:dns/promises';
import { stat } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { type FileTarget, isOf } from '../../database/target.ts';
import { isLoopbackHost } from '../../model/address.ts';
import { isSameHost, type ServerPlace } from './place.ts';

/** Where a database is: a file, or a server and a name on it. */
export type DatabasePlace =
  | Pick<FileTarget, 'engine' | 'path' | 'reading'>
  | ({ readonly engine: string } & ServerPlace);

/**
 * Whether two addresses lead to the same database: a file by any path or link, a server by any of its names, its addresses
 * or its socket. Where it can't be told, they do: what is asked for is what somebody wants hidden.
 */
export async function isSameDatabase(a: DatabasePlace, b: DatabasePlace): Promise<boolean> {
  if (!isOf(a, b.engine)) {
    return false;
  }
  if ('path' in a || 'path' in b) {
    return 'path' in a && 'path' in b && haveSameFile(filesOf(a), filesOf(b));
  }
  // Names of databases differ by case on some servers and not on others; no name is any of them.
  const names = [a.database, b.database].map((name) => name?.toLowerCase() ?? null);
  if (names[0] !== names[1] && !names.includes(null)) {
    return false;
  }
  const isSocket = a.socket !== null || b.socket !== null;
  if (a.port !== b.port && !isSocket) {
    return false;
  }
  const [left, right] = [a, b].map(({ socket, host }) => (socket === null ? host : 'localhost'));
  return left === undefined || right === undefined || isSameHost(left, right) || haveSameAddress(left, right);
}

/** The file of a database, or those that one is made of. */
function filesOf({ path, reading }: Pick<FileTarget, 'path' | 'reading'>): readonly string[] {
  return reading?.sources.flatMap(({ files }) => files) ?? [path];
}

async function haveSameFile(a: readonly string[], b: readonly string[]): Promise<boolean> {
  const others = new Set(await Promise.all(b.map(identityOf)));
  for (const path of a) {
    if (others.has(await identityOf(path))) {
      return true;
    }
  }
  return false;
}

/** What is the same for each path and link to a file. */
async function identityOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found === null ? path : `${found.dev} ${found.ino}`;
}

async function haveSameAddress(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([addressesOf(a), addressesOf(b)]);
  return left.some((address) => right.includes(address));
}

/** The addresses of a host; of this machine, all that it has. */
async function addressesOf(host: string): Promise<readonly string[]> {
  const own = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map(({ address }) => address),
  );
  if (isLoopbackHost(host)) {
    return own;
  }
  const found = await lookup(host, { all: true }).catch(() => []);
  const addresses = [host, ...found.map(({ address }) => address)];
  return addresses.some((address) => own.includes(address)) ? [...addresses, ...own] : addresses;
}
