import { describe, expect, it } from 'vitest';
import { hiddenIn } from '../../src/knowledge/hidden.ts';

describe('a text that people wrote', () => {
  it.each([
    ['*.email', 'Write to the email of the customer', true],
    ['*.email', 'EMAILS are those of the newsletter', true],
    ['*.email', 'emailing is done on Mondays', false],
    ['customers.email', 'customers buy things', false],
    ['hr.staff.birth_date', 'an adult: birth date before 2008', true],
    ['birthDate', 'birth_date is in UTC', true],
    ['salar*', 'a salary above 9000 is a board member', true],
    ['salaries.*', 'salaries are paid on the 25th', true],
    ['salaries.*', 'wages are paid on the 25th', false],
    ['*', 'anything', true],
    ['a.b(c', 'the b(c of it', true],
    ['größe', 'die Größe in cm', true],
  ])('with %s hidden: %s', (pattern, text, says) => {
    expect(hiddenIn([pattern])(text)).toBe(says);
  });

  it('says nothing hidden where nothing is', () => {
    expect(hiddenIn([])('email')).toBe(false);
  });
});
