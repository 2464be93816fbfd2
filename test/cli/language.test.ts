import { expect, it } from 'vitest';
import { inRequests } from '../../src/serve/http/own-words.ts';
import { runProgram } from '../support/program.ts';

const ask = async (...words: readonly string[]) =>
  runProgram(['ask', '--db', 'sample', '--profile', 'offline', '--yes', ...words]);

it.each([
  [
    'Bestellungen dieses Jahr',
    [
      /^liest orders$/mu,
      /^Zweifel: Der Zeitraum vom 01\.01\.\d{4} bis 31\.12\.\d{4} ist noch nicht vorbei/mu,
    ],
  ],
  [
    'pedidos de este año',
    [/^lee orders$/mu, /^Duda: El periodo del 01\/01\/\d{4} al 31\/12\/\d{4} no ha terminado/mu],
  ],
  ['orders this year', [/^reads orders$/mu, /^Doubt: The period from .* is not over/mu]],
])('what is assumed and doubted is said in the language of %s', async (question, said) => {
  const { stderr } = await ask(question);
  for (const each of said) {
    expect(stderr).toMatch(each);
  }
});

it('rows that a limit cuts too', async () => {
  const { stderr } = await ask('--limit', '3', 'los clientes de España');
  expect(stderr).toContain('Duda: Se muestran las primeras 3 filas de 6; para ver más, suba --limit.');
});

it('a refusal and its way on too', async () => {
  const { stderr, code } = await ask('Kunden mit Schuhgröße 42');
  expect(code).toBe(4);
  expect(stderr).toContain('Die Offline-Engine versteht hier');
  expect(stderr).toContain('Was in der Datenbank steht, zeigt: sqlq schema');
});

it('what a strict run says too', async () => {
  const { stderr, code } = await ask('--strict', 'Bestellungen dieses Jahr');
  expect(code).toBe(4);
  expect(stderr).toContain('Mit --strict läuft nichts, woran es Zweifel gibt.');
});

it.each([
  [
    'Die Offline-Engine versteht hier „rot“ nicht. Sie liest einfache deutsche Fragen; ein Modell versteht mehr Deutsch: sqlq config init',
    'Die Offline-Engine versteht hier „rot“ nicht. Sie liest einfache deutsche Fragen.',
  ],
  ['Was in der Datenbank steht, zeigt: sqlq schema', 'Was in der Datenbank steht, zeigt: GET /v1/schema'],
])('%s is said to whoever asks over HTTP without a command line', (text, told) => {
  expect(inRequests(text)).toBe(told);
});
