import { describe, expect, it } from 'vitest';
import { splitIdentifier } from '../../src/offline/schema-index/split.ts';

const words = new Set('country name car maker birth head state flight unit stock sin school high'.split(' '));

describe('splitIdentifier', () => {
  it.each([
    ['first_name', ['first', 'name']],
    ['ArtistId', ['artist', 'id']],
    ['HTTPStatusCode', ['http', 'status', 'code']],
    ['line2', ['line', '2']],
    ['dept_no', ['department', 'number']],
    ['Customers', ['customer']],
    ['stuid', ['student', 'id']],
    ['countryname', ['country', 'name']],
    ['carmakers', ['car', 'maker']],
    ['flightno', ['flight', 'number']],
    ['headofstate', ['head', 'of', 'state']],
    ['unitsinstock', ['unit', 'in', 'stock']],
    ['highschooler', ['high', 'schooler']],
    ['indepyear', ['indep', 'year']],
    ['名前', ['名前']],
  ])('%s', (identifier, expected) => {
    expect(splitIdentifier(identifier, (word) => words.has(word))).toEqual(expected);
  });
});
