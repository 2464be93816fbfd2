import { lemmaOf, stemOf } from './lemma.ts';

/** Whether two words are forms of one: `enrolled` and `enrolment`, `pay` and `payment`, `arrives` and `arrival`. */
export function isForm(one: string, other: string): boolean {
  const [a, b] = [lemmaOf(one), lemmaOf(other)];
  if (a === b || one === other) {
    return true;
  }
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length >= 4 && short.endsWith('y') && long.startsWith(`${short.slice(0, -1)}i`)) {
    return /^(?:cation|ed|er|al|ance|ment)$/u.test(long.slice(short.length));
  }
  return (
    (stemOf(a).length >= 4 && stemOf(a) === stemOf(b)) ||
    (short.length >= 3 &&
      long.startsWith(short) &&
      /^(?:ment|al|ation|ing|er|or|ed|d|s|ion|ance|ence|lment|lation|ure)$/u.test(
        long.slice(short.length),
      )) ||
    (short.length >= 5 &&
      long.startsWith(short.replace(/e$/u, '')) &&
      /^(?:al|ation|ion|ing|ed|ure|or|er)$/u.test(long.slice(short.replace(/e$/u, '').length)))
  );
}
