import { expect, it } from 'vitest';
import { languageOf } from '../../src/words/language.ts';

it.each([
  ['Wie viele Kunden haben wir?', 'German'],
  ['Umsatz pro Monat', 'German'],
  ['Kunden aus Zürich', 'German'],
  ['nicht bezahlte Rechnungen', 'German'],
  ['¿cuántos pedidos hubo en 2025?', 'Spanish'],
  ['pedidos por mes', 'Spanish'],
  ['los tres productos más baratos', 'Spanish'],
  ['how many customers are there?', null],
  ['customers from Zürich', null],
  ['revenue per month in 2025', null],
  ['who was born in San José del Cabo?', null],
  ['orders for Señor Ibáñez', null],
  ['show what Los Lobos sold in the last year', null],
  ['Combien de clients avons-nous en France ?', null],
  ['Quanti clienti con ordini ci sono?', null],
  ['Quantos clientes não têm pedidos?', null],
  ['customers', null],
  ['', null],
])('%s is %s', (question, language) => {
  expect(languageOf(question)).toBe(language);
});
