import { describe, expect, it } from 'vitest';
import { proxyFor } from '../../src/config/proxy.ts';

const proxy = (address: string, environment: Record<string, string>): string | null =>
  proxyFor(new URL(address), environment)?.url ?? null;

describe('the proxy of an address', () => {
  it.each([
    ['https://api.example/v1', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1/'],
    ['https://api.example/v1', { https_proxy: 'http://p:1', HTTPS_PROXY: 'http://q:1' }, 'http://p:1/'],
    ['http://api.example/v1', { HTTPS_PROXY: 'http://p:1' }, null],
    ['http://api.example/v1', { http_proxy: 'http://p:1' }, 'http://p:1/'],
    ['http://api.example/v1', { HTTP_PROXY: 'p:3128' }, 'http://p:3128/'],
    ['https://api.example/v1', { ALL_PROXY: 'http://p:1' }, 'http://p:1/'],
    ['https://api.example/v1', { all_proxy: 'socks5h://p:1', https_proxy: '' }, 'socks5://p:1'],
    ['https://api.example/v1', { HTTPS_PROXY: 'http://u:w@p:1' }, 'http://u:w@p:1/'],
  ])('%s with %j', (address, environment, expected) => {
    expect(proxy(address, environment)).toBe(expected);
  });

  it.each([
    ['https://api.example/v1', 'api.example'],
    ['https://a.api.example/v1', 'example'],
    ['https://a.api.example/v1', '.example'],
    ['https://a.api.example/v1', 'x, *.api.example'],
    ['https://API.Example:8443/v1', 'api.example:8443'],
    ['https://10.1.2.3/v1', '10.0.0.0/8'],
    ['https://10.1.2.3/v1', '10.1.2.3'],
    ['https://[fd00::1]/v1', 'fd00::/8'],
    ['https://[fd00::1]/v1', '[fd00::1]'],
    ['https://anything.example/v1', '*'],
    ['https://localhost:8443/v1', ''],
    ['https://127.9.9.9/v1', ''],
    ['https://[::1]:1/v1', ''],
    ['https://model.localhost/v1', ''],
  ])('%s goes past it with NO_PROXY=%s', (address, exceptions) => {
    for (const name of ['NO_PROXY', 'no_proxy']) {
      expect(proxy(address, { ALL_PROXY: 'http://p:1', [name]: exceptions })).toBeNull();
    }
  });

  it.each([
    ['https://api.example/v1', 'pi.example'],
    ['https://api.example/v1', 'api.example:8443'],
    ['https://api.example.evil/v1', 'api.example'],
    ['https://11.1.2.3/v1', '10.0.0.0/8'],
    ['https://10.1.2.3/v1', 'ten.example, 10.1.2.0/40, /8'],
  ])('%s goes through it with NO_PROXY=%s', (address, exceptions) => {
    expect(proxy(address, { ALL_PROXY: 'http://p:1', NO_PROXY: exceptions })).toBe('http://p:1/');
  });

  it.each(['ftp://p:1', 'http://', 'http://p:port'])(
    '%s is none, and is told of without its text',
    (text) => {
      expect(() => proxy('https://api.example/v1', { HTTPS_PROXY: text })).toThrow(
        /^The proxy of HTTPS_PROXY is no http, https or socks5 URL\.$/u,
      );
    },
  );
});
