import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { type FastifyInstance, fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servePage } from '../../src/serve/page.ts';

const folder = join(import.meta.dirname, '../../dist/page');
const html = readFileSync(join(folder, 'index.html'), 'utf8');
const assets = [...html.matchAll(/"(\/assets\/[^"]+)"/gu)].map(([, path]) => path ?? '');

let app: FastifyInstance;

beforeAll(async () => {
  app = fastify();
  await servePage(app, folder);
});
afterAll(() => app.close());

describe('the files of the page', () => {
  it('are the document, and what it names', async () => {
    expect(assets.map((path) => path.split('.').at(-1)).toSorted()).toEqual(['css', 'js', 'svg']);
    const reply = await app.inject('/');
    expect(reply.statusCode).toBe(200);
    expect(reply.body).toBe(html);
    for (const path of assets) {
      const asset = await app.inject(path);
      expect(asset.statusCode, path).toBe(200);
      expect(asset.headers['content-type']).toMatch(
        /^(?:text\/(?:css|javascript); charset=utf-8|image\/svg\+xml)$/u,
      );
    }
  });

  it('come under a policy that lets nothing in, whichever file it is', async () => {
    for (const path of ['/', ...assets]) {
      const { headers } = await app.inject(path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).not.toMatch(/unsafe|https?:|data:|\*/u);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
    }
  });

  it('name nothing inline and nothing elsewhere', () => {
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/iu);
    const own = readdirSync(folder).filter((name) => /\.(?:html|css|js)$/u.test(name));
    for (const name of own) {
      const text = readFileSync(join(folder, name), 'utf8');
      // Names of XML's namespaces are no addresses that anything is asked of.
      const addresses = text.match(/https?:\/\/(?!www\.w3\.org\/)[\w.-]+/gu) ?? [];
      expect(addresses, name).toEqual([]);
      expect(text.match(/@import|\burl\((?!['"\\]*data:)/gu) ?? [], name).toEqual([]);
    }
  });

  it('are kept for good where their name says what they hold, and the document is asked for anew', async () => {
    const page = await app.inject('/');
    expect(page.headers['cache-control']).toBe('no-cache');
    const again = await app.inject({ url: '/', headers: { 'if-none-match': String(page.headers['etag']) } });
    expect(again.statusCode).toBe(304);
    expect(again.body).toBe('');
    for (const path of assets) {
      expect((await app.inject(path)).headers['cache-control']).toBe('public, max-age=31536000, immutable');
    }
  });

  it('come compressed as the browser takes them', async () => {
    const [script = ''] = assets.filter((path) => path.endsWith('.js'));
    const get = (accepted: string) => app.inject({ url: script, headers: { 'accept-encoding': accepted } });
    const plain = await get('identity');
    expect(plain.headers['content-encoding']).toBeUndefined();
    const cases = [
      ['gzip, deflate, br', 'br', brotliDecompressSync],
      ['gzip;q=1.0, br;q=0', 'gzip', gunzipSync],
      ['GZIP', 'gzip', gunzipSync],
    ] as const;
    for (const [accepted, encoding, open] of cases) {
      const reply = await get(accepted);
      expect(reply.headers['content-encoding']).toBe(encoding);
      expect(reply.headers['vary']).toContain('accept-encoding');
      expect(open(reply.rawPayload).equals(plain.rawPayload)).toBe(true);
      expect(reply.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
    }
  });

  it('are small: what is loaded at first is not more than 60 kB compressed', async () => {
    const replies = await Promise.all(
      ['/', ...assets].map((url) => app.inject({ url, headers: { 'accept-encoding': 'gzip' } })),
    );
    const sizes = replies.map(({ rawPayload }) => rawPayload.length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(60_000);
  });

  it('are those alone: no other path leads to a file', async () => {
    for (const path of [
      '/assets/',
      '/assets/manifest.json',
      '/manifest.json',
      '/assets/../index.html',
      '/assets/%2e%2e/main.js',
      '/assets/..%2fmain.js',
      `${assets[0]}.br`,
    ]) {
      expect((await app.inject(path)).statusCode, path).toBe(404);
    }
  });

  it('are not there where the page was not built, which is said at once', async () => {
    const other = fastify();
    await expect(servePage(other, join(folder, 'nothing'))).rejects.toThrow('manifest.json');
    await other.close();
  });
});
