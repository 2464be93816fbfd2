import { describe, expect, it } from 'vitest';
import { doubtLabel } from '../../src/ask/in-language.ts';
import { doubtsIn, saidIn } from '../../src/doubts/said/said.ts';

describe('what is said of an answer, in the language of the question', () => {
  it.each([
    [
      '1,200 other rows have the same value (7) as the last one shown: which of them is shown is chance.',
      '1.200 weitere Zeilen haben denselben Wert (7) wie die letzte gezeigte: Welche davon gezeigt wird, ist Zufall.',
      '1.200 filas más tienen el mismo valor (7) que la última mostrada: cuál de ellas se muestra es casualidad.',
    ],
    [
      "No row has customers.name = 'Dr. X. Y'. Near it: 'Dr. X. Z'.",
      "Keine Zeile hat customers.name = 'Dr. X. Y'. Ähnlich: 'Dr. X. Z'.",
      "Ninguna fila tiene customers.name = 'Dr. X. Y'. Parecidos: 'Dr. X. Z'.",
    ],
    [
      'The data ends on 2024-06-15: it does not reach all of 2024-01-01 to 2024-12-31.',
      'Die Daten enden am 15.06.2024: Sie decken 01.01.2024 bis 31.12.2024 nicht ganz ab.',
      'Los datos acaban el 15/06/2024: no cubren todo del 01/01/2024 al 31/12/2024.',
    ],
    [
      "3 rows more of song have genre spelt as 'Rock and Roll' (2), 'rock or roll' (1) and 4 other spellings: genre = 'Rock' does not name them.",
      "3 weitere Zeilen von song haben genre in den Schreibweisen 'Rock and Roll' (2), 'rock or roll' (1) und 4 andere Schreibweisen: genre = 'Rock' nennt sie nicht.",
      "3 filas más de song tienen genre escrito como 'Rock and Roll' (2), 'rock or roll' (1) y otras 4 maneras: genre = 'Rock' no los nombra.",
    ],
    [
      'The join with loan and prize repeats the rows of book: 1,500 are summed where there are 30 (50.0 times). It also leaves out 27 that have no loan and prize.',
      'Der Join mit loan und prize wiederholt die Zeilen von book: 1.500 werden summiert, es gibt aber 30 (50,0-mal). Außerdem fallen 27 weg, die kein loan und prize haben.',
      'El join con loan y prize repite las filas de book: se suman 1.500, pero hay 30 (50,0 veces). Además deja fuera 27 que no tienen loan y prize.',
    ],
  ])('%s', (english, german, spanish) => {
    expect(saidIn('German', english)).toBe(german);
    expect(saidIn('Spanish', english)).toBe(spanish);
    expect(saidIn(null, english)).toBe(english);
  });

  it('is left as it is where a part of it is not known', () => {
    const half = 'book has no rows. The moon is full.';
    expect(saidIn('German', half)).toBe(half);
  });

  it('is said of what is found later too', async () => {
    const doubt = { kind: 'no-rows', sentence: 'book has no rows.', evidence: {}, mendedSql: null } as const;
    const none = { language: null, doubts: [doubt], notLooked: [], queries: 1, unanswered: 0, lookOn: null };
    const found = doubtsIn('German', { ...none, lookOn: async () => none });
    const later = await found.lookOn?.(1);
    for (const each of [found, later]) {
      expect(each).toMatchObject({ language: 'German', doubts: [{ sentence: 'book hat keine Zeilen.' }] });
    }
    expect([doubtLabel(null), doubtLabel('German'), doubtLabel('Spanish')]).toEqual([
      'Doubt:',
      'Zweifel:',
      'Duda:',
    ]);
  });
});
