import { describe, expect, it } from 'vitest';
import { formOf } from '../../src/schema/profile/form.ts';
import { column } from '../support/schema.ts';

const formed = (values: readonly string[], type = 'text', name = 'x'): string | null =>
  formOf(values, column(name, type))?.words ?? null;

describe('formOf', () => {
  it.each<[string, readonly string[], string, string]>([
    ['text that holds dates, YYYY-MM-DD', ['2024-01-31', '2023-12-01', '1999-07-07'], 'text', 'x'],
    ['text that holds dates, DD.MM.YYYY', ['31.01.2024', '1.2.2023', '', 'n/a', '07.07.1999'], 'text', 'x'],
    ['text that holds dates, MM/DD/YYYY', ['01/31/2024', '12/01/2023', '7/7/1999'], 'text', 'x'],
    [
      'text that holds dates, DD/MM/YYYY or MM/DD/YYYY',
      ['01/02/2024', '12/01/2023', '7/7/1999'],
      'text',
      'x',
    ],
    ['text that holds dates, DD Mon YYYY', ['1 Jan 2024', '12-Feb-2023', '7 September 1999'], 'text', 'x'],
    [
      'text that holds dates, YYYY-MM-DD HH:MM',
      ['2024-01-31 10:00', '2023-12-01 09:00:01', '1999-07-07T00:00'],
      'text',
      'x',
    ],
    ['dates, YYYYMMDD', ['20240131', '20231201', '19990707'], 'integer', 'order_date'],
    ['epoch seconds', ['1700000000', '1600000000', '0', '1500000000'], 'INTEGER', 'createdAt'],
    ['epoch milliseconds', ['1700000000000', '1600000000000', '1500000000000'], 'bigint', 'updated_at'],
    ['comma-separated list', ['a,b', 'b,c', 'a', 'c,a,b'], 'text', 'tags'],
    ['list separated by |', ['a|b', 'b|c', 'a', 'c|a|b'], 'text', 'tags'],
    ["'No' or 'Yes'", ['Yes', 'No'], 'varchar(3)', 'x'],
    ['0 or 1', ['1', '0'], 'integer', 'x'],
    ['always true', ['true'], 'boolean', 'x'],
    ['always true', ['1'], 'tinyint(1)', 'x'],
    ['always 1', ['1'], 'integer', 'sbTickerIsActive'],
    ['dates, YYYYMMDD', ['20240131', '20231201', '19990707'], 'DATE', 'tourney_date'],
    ['JSON', ['{"a":1}', '[]', '{}'], 'text', 'x'],
    ['numbers as text', ['12', '7.5', '-3'], 'varchar(10)', 'x'],
    ['amounts as text, with a currency sign', ['$12', '$7.50', '$1,300'], 'text', 'x'],
    ['from 0 to 1', ['0.1', '1', '0.25'], 'real', 'rate'],
    ['written AA-999', ['AB-100', 'CD-200', 'EF-300'], 'text', 'x'],
    ['upper case', ['PAID', 'OPEN', 'VOID TOO'], 'text', 'x'],
    // Letters without case have no mask, and stand in none.
    ['upper case', ['AB東京1', 'BC東京2', 'CD東京3'], 'text', 'x'],
  ])('calls it %s', (words, values, type, name) => {
    expect(formed(values, type, name)).toBe(words);
  });

  it.each<[string, readonly string[], string, string]>([
    ['names in two parts', ['Smith, John', 'Roe, Ann', 'Poe, Eve', 'Fox, Max'], 'text', 'name'],
    ['sentences', ['Well, it broke, and how', 'Fine, thanks', 'No, never'], 'text', 'note'],
    ['telephone numbers', ['1700000000', '1600000000', '1500000000'], 'bigint', 'phone'],
    ['dates of a type that says so', ['2024-01-31', '2023-12-01', '1999-07-07'], 'date', 'x'],
    ['booleans of a type that says so', ['true', 'false'], 'boolean', 'x'],
    ['words', ['paid', 'Open', 'void'], 'text', 'x'],
    ['what is not to be seen', ['A\u202e1', 'B\u202e2', 'C\u202e3'], 'text', 'x'],
    ['lines', ['A\n1', 'B\n2', 'C\n3'], 'text', 'x'],
    ['too few values', ['2024-01-31'], 'text', 'x'],
  ])('has no word for %s', (_what, values, type, name) => {
    expect(formed(values, type, name)).toBeNull();
  });
});
