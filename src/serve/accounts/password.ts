import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { SqlqError } from '../../errors.ts';

/** The cost of a hash: a block of 2^ln, its size, and how often. */
export interface Cost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/**
 * One of the costs of scrypt that OWASP's Password Storage Cheat Sheet holds equal: this one takes 32 MB and about a tenth
 * of a second.
 */
export const usualCost: Cost = { ln: 15, r: 8, p: 3 };

const saltBytes = 16;
const hashBytes = 32;
/** A hash that takes more than this is none of ours. */
const mostMemory = 256 * 1024 ** 2;
/** NIST SP 800-63B asks for eight characters and more; a service that is reached from elsewhere for a few more. */
export const shortestPassword = 12;
const longestPassword = 256;

/** Hashes a password in PHC's string format: `$scrypt$ln=15,r=8,p=3$salt$hash`. */
export async function hashPassword(password: string, cost: Cost = usualCost): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, salt, cost, hashBytes);
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${base64(salt)}$${base64(hash)}`;
}

/** Whether a password is that of a hash. It takes as long either way. */
export async function isPasswordOf(password: string, phc: string): Promise<boolean> {
  const found = parse(phc);
  if (found === null || password.length > longestPassword) {
    return false;
  }
  const hash = await derive(password, found.salt, found.cost, found.hash.length);
  return timingSafeEqual(hash, found.hash);
}

/** Whether a hash is of another cost than those that are made today. */
export function isOutdated(phc: string, wanted: Cost = usualCost): boolean {
  const cost = parse(phc)?.cost;
  return cost === undefined || cost.ln !== wanted.ln || cost.r !== wanted.r || cost.p !== wanted.p;
}

/** Throws a SqlqError `usage` where a password is too short, too long, or the user's name. */
export function checkPassword(password: string, name: string): void {
  const characters = Array.from(password).length;
  if (characters < shortestPassword || password.length > longestPassword) {
    throw new SqlqError(
      'usage',
      `A password has from ${shortestPassword} to ${longestPassword} characters; this one has ${characters}.`,
      { hint: 'Several words that do not belong together are easy to keep in mind.' },
    );
  }
  const plain = password.toLowerCase();
  if (plain === name || new Set(plain).size < 4) {
    throw new SqlqError('usage', 'This password would be guessed at once.', {
      hint: 'Several words that do not belong together are easy to keep in mind.',
    });
  }
}

function derive(password: string, salt: Buffer, { ln, r, p }: Cost, length: number): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** ln, r, p, maxmem: mostMemory };
  return new Promise((resolve, reject) => {
    // The same characters may be typed as other code points on another keyboard.
    scrypt(password.normalize('NFKC'), salt, length, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

function parse(phc: string): { readonly cost: Cost; readonly salt: Buffer; readonly hash: Buffer } | null {
  const [, ln, r, p, salt, hash] =
    /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/-]+)\$([\w+/-]{22,128})$/u.exec(phc) ?? [];
  if (ln === undefined || salt === undefined || hash === undefined) {
    return null;
  }
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  const memory = 128 * cost.r * 2 ** cost.ln;
  const isSane = cost.r > 0 && cost.p > 0 && cost.ln > 0 && memory < mostMemory;
  return isSane ? { cost, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') } : null;
}

/** PHC's format has Base64 without its padding. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
