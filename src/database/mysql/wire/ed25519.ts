import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';

const { Point } = ed25519;

/**
 * The answer to MariaDB's `client_ed25519`: the server's scramble, signed with a key that is made of the whole password,
 * where RFC 8032 takes a seed of 32 bytes; so no ready-made signing will do. Source: MariaDB's
 * plugin/auth_ed25519/ref10/sign.c and its "Authentication Plugin - ed25519".
 */
export function signScramble(scramble: Uint8Array, password: string): Buffer {
  const secret = sha512(Buffer.from(password));
  const scalar = secret.subarray(0, 32);
  scalar[0] = (scalar[0] ?? 0) & 248;
  scalar[31] = ((scalar[31] ?? 0) & 63) | 64;
  const key = number(scalar) % Point.Fn.ORDER;
  const publicKey = Point.BASE.multiply(key).toBytes();
  const nonce = number(sha512(secret.subarray(32), scramble)) % Point.Fn.ORDER;
  const commitment = Point.BASE.multiply(nonce).toBytes();
  const challenge = number(sha512(commitment, publicKey, scramble)) % Point.Fn.ORDER;
  return Buffer.concat([commitment, Point.Fn.toBytes(Point.Fn.create(nonce + challenge * key))]);
}

function sha512(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha512');
  for (const part of parts) {
    hash.update(part);
  }
  return hash.digest();
}

/** Bytes as a number, the lowest first. */
function number(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}
