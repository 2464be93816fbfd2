import { HttpError } from '../http-error.ts';
import { addressKey } from '../limits/address-key.ts';
import { type Accounts, newHash } from './accounts.ts';
import { dropOldTries, forgetTries, rules, takeBack, tryOnce, waitOf } from './attempts.ts';
import { isKnownAddress, knowAddress } from './known-addresses.ts';
import { isOutdated, isPasswordOf } from './password.ts';
import { sealOf } from './secrets.ts';
import { changeUser, findUser, type User } from './user.ts';

/** What somebody says of themselves, and from where. */
export interface PasswordTry {
  readonly name: string;
  readonly password: string;
  readonly ip: string;
  readonly requestId: string;
}

/** How often one in so many tries tidies up. */
const tidiesEvery = 50;

/** What a try was counted by. */
interface Counted {
  readonly keys: readonly string[];
  /** Whether there is a wait from now on that there was not before. */
  readonly slows: boolean;
}

/**
 * The user of a name and a password. Rejects with an HttpError: `unauthorized` with one text whatever was wrong,
 * `too-many` where too many have failed, whoever the name is or is not of, and `busy`.
 */
export async function signIn(accounts: Accounts, attempt: PasswordTry): Promise<User> {
  const { sql, observe, now } = accounts;
  const time = now().getTime();
  if (Math.random() * tidiesEvery < 1) {
    await dropOldTries(sql, time);
  }
  const user = await findUser(sql, attempt.name);
  const place = sealOf(accounts.key, 'address', addressKey(attempt.ip));
  const tried = await countTry(accounts, attempt, user, place);
  try {
    const fits = await accounts.hashing.pass(() =>
      isPasswordOf(attempt.password, user?.password ?? accounts.nobodysHash),
    );
    // A user who is disabled hears no more than somebody who is not there.
    if (user === null || user.password === null || !fits || user.disabled) {
      observe.login('failed');
      if (tried.slows) {
        await tellOfFailures(accounts, attempt, user);
      }
      throw new HttpError('unauthorized', 'The name or the password is wrong.');
    }
  } catch (error) {
    if (error instanceof HttpError && error.code === 'busy') {
      await Promise.all(tried.keys.map((key) => takeBack(sql, key, time)));
    }
    throw error;
  }
  const [pair = '', ...others] = tried.keys;
  await forgetTries(sql, pair);
  await Promise.all(others.map((key) => takeBack(sql, key, time)));
  await knowAddress(sql, user.id, place, now());
  if (isOutdated(user.password, accounts.cost)) {
    const password = await newHash(accounts, attempt.password);
    await changeUser(sql, user, { password });
  }
  return user;
}

/** Counts a try. Rejects with an HttpError `too-many` where it has to wait. */
async function countTry(
  { sql, key, now, observe }: Accounts,
  { name }: PasswordTry,
  user: User | null,
  place: string,
): Promise<Counted> {
  const time = now().getTime();
  const account = user?.id ?? bucketOf(key, name);
  // Whoever guesses at an account from elsewhere does not keep its user out where they usually are.
  const isKnown = user !== null && (await isKnownAddress(sql, user.id, place));
  const limits = [
    { of: `pair:${account}:${place}`, rule: rules.pair },
    ...(isKnown
      ? []
      : [
          { of: `account:${account}`, rule: rules.account },
          { of: `address:${place}`, rule: rules.address },
        ]),
  ];
  const refuse = (wait: number): never => {
    observe.login('locked');
    throw new HttpError('too-many', 'Too many have failed to sign in like this. Try again later.', {
      retryAfter: Math.ceil(wait / 1000),
    });
  };
  const known = await waitOf(
    sql,
    limits.map(({ of }) => of),
    time,
  );
  if (known > 0) {
    refuse(known);
  }
  const keys: string[] = [];
  let slows = false;
  for (const { of, rule } of limits) {
    const { wait, failures } = await tryOnce(sql, of, rule, time);
    if (wait > 0) {
      await Promise.all(keys.map((one) => takeBack(sql, one, time)));
      refuse(wait);
    }
    slows ||= failures === rule.free;
    keys.push(of);
  }
  return { keys, slows };
}

/**
 * Writes down that there were so many failures that the next has to wait, and not each of them: nobody fills the disk with
 * them. A name that is nobody's may be a password in the wrong place.
 */
function tellOfFailures(
  { audit }: Accounts,
  { ip, requestId }: PasswordTry,
  user: User | null,
): Promise<void> {
  const about = user === null ? 'a name that nobody has' : user.name;
  return audit.record({ action: 'login', outcome: 'slowed', caller: null, about, address: ip, requestId });
}

/**
 * Names that nobody has share a few counts, or whoever tries many would have as many kept. Without the key none can be
 * found that shares another's.
 */
function bucketOf(key: string, name: string): string {
  return `nobody-${sealOf(key, 'name', name.trim().toLowerCase()).slice(0, 3)}`;
}
