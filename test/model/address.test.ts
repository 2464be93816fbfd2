import { expect, test } from 'vitest';
import { isLoopback, isPrivate } from '../../src/model/address.ts';

test.each([
  ['http://localhost:11434', true, true],
  ['http://models.localhost', true, true],
  ['http://127.0.0.1', true, true],
  ['http://127.8.9.10', true, true],
  ['http://0x7f.1', true, true],
  ['http://[::1]:8080', true, true],
  ['http://[::ffff:127.0.0.1]', true, true],
  ['http://10.1.2.3', false, true],
  ['http://172.17.0.1:12434', false, true],
  ['http://172.31.255.255', false, true],
  ['http://192.168.0.7', false, true],
  ['http://169.254.1.1', false, true],
  ['http://[fd00::1]', false, true],
  ['http://[fe80::1]', false, true],
  ['http://ollama:11434', false, true],
  ['http://model-runner.docker.internal', false, true],
  ['http://nas.local', false, true],
  ['http://172.32.0.1', false, false],
  ['http://11.0.0.1', false, false],
  ['http://8.8.8.8', false, false],
  ['http://[2001:db8::1]', false, false],
  ['http://[::ffff:8.8.8.8]', false, false],
  ['http://127.0.0.1.example.com', false, false],
  ['http://localhost.example.com', false, false],
  ['http://evil.internal.example.com', false, false],
  ['http://api.example.com.', false, false],
])('%s', (url, loopback, internal) => {
  expect(isLoopback(new URL(url))).toBe(loopback);
  expect(isPrivate(new URL(url))).toBe(internal);
});
