import type { Token } from '../language/tokenize.ts';
import { type Entry, plainForm } from './tongue.ts';

/** A word of the translated question, with its place in the one that was asked. */
export interface Word {
  readonly text: string;
  readonly kind: Entry['kind'] | 'kept';
  readonly token: Token;
  readonly end: number;
}

const isYear = ({ text }: { readonly text: string }): boolean => /^(?:19|20)\d\d$/u.test(text);
const isTime = (word: Word | undefined): boolean =>
  word !== undefined &&
  (word.kind === 'time' ||
    isYear(word) ||
    word.token.kind === 'date' ||
    /^\d{1,2}\.\d{1,2}\.\d{4}$/u.test(word.text));
const isDay = (word: Word | undefined): boolean => /^\d{1,2}$/u.test(word?.text ?? '');
const isComma = (word: Word | undefined): boolean => word?.text === ',';
const isAuxiliary = (word: Word | undefined): boolean =>
  /^(?:are|is|have|has)$/u.test(word?.text ?? '') && word?.kind === 'phrase';
const isNegator = (word: Word | undefined): boolean => /^(?:not|never)$/u.test(word?.text ?? '');

/** German puts what was done at the end, `die 2025 beigetreten sind`: English has it first. */
export function germanOrder(words: readonly Word[]): Word[] {
  const clauses: Word[][] = [[]];
  words.forEach((word, at) => {
    const opens =
      isComma(words[at - 1]) &&
      /^(?:the|which|a)$/u.test(word.text) &&
      /^(?:die|der|das|den|denen|welche)$/u.test(word.token.lower);
    if (opens) {
      clauses.at(-1)?.pop();
      clauses.push([{ ...word, text: 'that' }]);
    } else if (word.token.lower === 'nach') {
      clauses.at(-1)?.push({ ...word, text: isTime(words[at + 1]) ? 'after' : 'by' });
    } else {
      clauses.at(-1)?.push(word);
    }
  });
  return clauses.flatMap((clause) => {
    const marks = clause.filter(({ token }, at) => token.kind === 'mark' && at >= clause.length - 1);
    const inner = clause.slice(0, clause.length - marks.length);
    const isLastAuxiliary = isAuxiliary(inner.at(-1));
    const kept = isLastAuxiliary ? inner.slice(0, -1) : inner;
    const owns = inner.at(-1);
    if (
      kept[0]?.text === 'that' &&
      owns !== undefined &&
      /^ha(?:ve|s)$/u.test(owns.text) &&
      kept.at(-1)?.kind !== 'verb'
    ) {
      const no = kept.filter(isNegator);
      return [
        ...kept.slice(0, 1),
        ...no,
        owns,
        ...kept.slice(1).filter((word) => !no.includes(word)),
        ...marks,
      ];
    }
    const last = kept.at(-1);
    // A noun has a capital: `wurden 2025 vermittelt` ends with what was done, whether the table knows it or not.
    const done: Word | undefined =
      last?.kind === 'kept' && /^\p{Ll}{5,}(?:t|en)$/u.test(last.token.text)
        ? { ...last, kind: 'verb' }
        : last;
    const from = kept[0]?.text === 'that' ? 0 : kept.findIndex(isAuxiliary);
    if (done?.kind !== 'verb' || from < 0 || from >= kept.length - 1) {
      return [...kept, ...marks];
    }
    const rest = kept.slice(from + 1, -1);
    const negator = rest.findIndex(isNegator);
    const aux = kept[from];
    const most = rest.filter(({ text }) => /^the (?:most|least)$/u.test(text));
    const isHaving = /^ha(?:ve|s)$/u.test(aux?.text ?? '');
    return [
      ...kept.slice(0, from),
      ...(isHaving || aux === undefined ? [] : [aux]),
      ...(negator < 0 ? [] : rest.slice(negator, negator + 1)),
      done,
      // `2025 am meisten bestellt`: ordered the most in 2025.
      ...most,
      ...rest.filter((word, index) => index !== negator && !most.includes(word)),
      ...marks,
    ];
  });
}

const isMore = (word: Word | undefined): boolean =>
  word?.kind === 'kept' && /^(?:más|mas|menos)$/u.test(word.token.lower);

/** `más caras` is the most expensive, `más caras que` more so than; `de marzo` is in March; `que` asks or leads on. */
export function spanishOrder(words: readonly Word[]): Word[] {
  return words.map((word, at) => {
    const { lower } = word.token;
    const [before, next, after] = [words[at - 1], words[at + 1], words[at + 2]];
    if (isMore(word)) {
      const compares = plainForm(after?.token.lower ?? '') === 'que';
      const less = lower === 'menos';
      if (!compares && /^(?:high|low)$/u.test(next?.text ?? '')) {
        return { ...word, text: (next?.text === 'high') === less ? 'lowest' : 'highest' };
      }
      if (next?.kind === 'adjective') {
        return { ...word, text: compares ? (less ? 'less' : 'more') : less ? 'least' : 'most' };
      }
      return { ...word, text: less ? 'the fewest' : 'the most' };
    }
    if (word.kind === 'adjective' && /^(?:high|low)$/u.test(word.text) && isMore(before)) {
      return plainForm(next?.token.lower ?? '') === 'que' ? word : { ...word, text: '' };
    }
    // `el segundo producto más caro` is the second most expensive one.
    if (word.text === 'second' && word.kind === 'number' && next?.kind === 'name' && isMore(after)) {
      return next;
    }
    if (word.kind === 'name' && isMore(next) && before?.text === 'second' && before.kind === 'number') {
      return before;
    }
    if (lower === 'que' && at > 0) {
      const compared = /^(?:más|mas|menos)$/u.test(words[at - 2]?.token.lower ?? '');
      return { ...word, text: compared ? 'than' : 'that' };
    }
    if (lower === 'de' || lower === 'del') {
      if (word.text !== 'from') {
        return word;
      }
      if (isTime(next)) {
        return { ...word, text: isTime(before) || isDay(before) ? '' : 'in' };
      }
      // `del 1 de marzo`.
      if (isDay(next) && /^del?$/u.test(after?.token.lower ?? '') && isTime(words[at + 3])) {
        return { ...word, text: 'in' };
      }
      return { ...word, text: /^(?:total|average)$/u.test(before?.text ?? '') ? '' : 'of' };
    }
    return word;
  });
}

const leadsToTime = /^(?:in|since|before|after|until|between|and|or|of|from|to|than|over|under)$/u;

/** `precio medio` is the average price, `sueldo más alto` the highest salary. */
export function amountsFirst(words: readonly Word[]): Word[] {
  const moved = [...words];
  moved.forEach((word, at) => {
    const before = moved[at - 1];
    if (/^(?:total|average|highest|lowest)$/u.test(word.text) && before?.kind === 'name') {
      moved[at - 1] = word;
      moved[at] = before;
    }
  });
  return moved;
}

/** `Umsatz pro Monat 2026`: a year by itself is one in which something was. */
export function withYears(words: readonly Word[]): Word[] {
  return words.flatMap((word, at) => {
    const before = words[at - 1];
    const isLed = before === undefined || leadsToTime.test(before.text) || before.kind === 'time';
    return isYear(word) && !isLed ? [{ ...word, kind: 'phrase', text: 'in' }, word] : [word];
  });
}
