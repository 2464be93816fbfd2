import { scryptSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createGate } from '../../../src/serve/accounts/gate.ts';
import {
  checkPassword,
  hashPassword,
  isOutdated,
  isPasswordOf,
} from '../../../src/serve/accounts/password.ts';

const password = 'four plain words together';

describe('the hash of a password', () => {
  it("is scrypt in PHC's format, of one of OWASP's costs", async () => {
    const hash = await hashPassword(password);
    const [, salt = '', derived = ''] =
      /^\$scrypt\$ln=15,r=8,p=3\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/u.exec(hash) ?? [];
    // Node's own function makes the same of it.
    const again = scryptSync(password, Buffer.from(salt, 'base64'), 32, {
      N: 2 ** 15,
      r: 8,
      p: 3,
      maxmem: 2 ** 27,
    });
    expect(again.toString('base64').replace(/=+$/u, '')).toBe(derived);
    expect(await isPasswordOf(password, hash)).toBe(true);
    expect(await isPasswordOf(`${password} `, hash)).toBe(false);
    expect(isOutdated(hash)).toBe(false);
  });

  it('is another each time', async () => {
    expect(await hashPassword(password)).not.toBe(await hashPassword(password));
  });

  it('is checked at the cost that it was made with, and known to be old', async () => {
    const old = await hashPassword(password, { ln: 10, r: 8, p: 1 });
    expect(await isPasswordOf(password, old)).toBe(true);
    expect(await isPasswordOf('another', old)).toBe(false);
    expect(isOutdated(old)).toBe(true);
  });

  it('is of the same password, however its characters are composed', async () => {
    const hash = await hashPassword('cafe\u0301 and four words', { ln: 4, r: 8, p: 1 });
    expect(await isPasswordOf('caf\u00e9 and four words', hash)).toBe(true);
  });

  it.each([
    '',
    'x',
    password,
    '$scrypt$ln=99,r=8,p=1$aaaaaaaaaaaaaaaaaaaaaa$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    '$scrypt$ln=20,r=8,p=1$aaaaaaaaaaaaaaaaaaaaaa$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    '$scrypt$ln=0,r=8,p=1$aaaaaaaaaaaaaaaaaaaaaa$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    '$scrypt$ln=15,r=0,p=1$aaaaaaaaaaaaaaaaaaaaaa$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    '$scrypt$ln=15,r=8,p=3$aaaaaaaaaaaaaaaaaaaaaa$',
    '$argon2id$v=19$m=65536,t=3,p=4$aaaaaaaaaaaaaaaaaaaaaa$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  ])('is none that reads "%s", which no password has', async (phc) => {
    expect(await isPasswordOf(password, phc)).toBe(false);
    expect(await isPasswordOf('', phc)).toBe(false);
    expect(isOutdated(phc)).toBe(true);
  });
});

describe('a password', () => {
  it.each([
    'short',
    'eleven char',
    'aaaaaaaaaaaaaaaa',
    'abcabcabcabcabc',
    'ana@example.com',
    'x'.repeat(257),
  ])('is not "%s"', (given) => {
    expect(() => checkPassword(given, 'ana@example.com')).toThrow(/characters|guessed at once/u);
  });

  it('may be of any characters', () => {
    expect(() => checkPassword('пароль из слов', 'ana')).not.toThrow();
    expect(() => checkPassword('correct horse battery', 'ana')).not.toThrow();
  });
});

describe('the gate before hashes', () => {
  it('lets a few in at once, has a few wait in order, and refuses the others', async () => {
    const gate = createGate({ atOnce: 2, waiting: 2 });
    const steps: string[] = [];
    const ends: PromiseWithResolvers<void>[] = [];
    const enter = (name: string): Promise<string> =>
      gate.pass(async () => {
        steps.push(name);
        const end = Promise.withResolvers<void>();
        ends.push(end);
        await end.promise;
        if (name === 'b') {
          throw new Error('b failed');
        }
        return name;
      });
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(enter);
    await expect(enter('e')).rejects.toMatchObject({ code: 'busy', retryAfter: 2 });
    expect(steps).toEqual(['a', 'b']);
    ends[1]?.resolve();
    await expect(b).rejects.toThrow('b failed');
    await expect.poll(() => steps).toEqual(['a', 'b', 'c']);
    ends[0]?.resolve();
    ends[2]?.resolve();
    expect(await Promise.all([a, c])).toEqual(['a', 'c']);
    await expect.poll(() => steps).toEqual(['a', 'b', 'c', 'd']);
    ends[3]?.resolve();
    expect(await d).toBe('d');
    const last = enter('f');
    await expect.poll(() => steps.at(-1)).toBe('f');
    ends[4]?.resolve();
    expect(await last).toBe('f');
  });
});
