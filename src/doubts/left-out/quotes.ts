import type { Asked } from '../question.ts';
import { isMisspelt } from '../values/meant.ts';
import { fold } from '../values/nearest-value.ts';
import { type Mentions, numbersIn } from './mentions.ts';
import { quotesIn } from './wording.ts';

/** So many letters are enough to tell that a word of a name is meant. */
const stemLength = 4;
/** Texts this short are codes, which can stand for any label. */
const codeLength = 3;

/** The quoted values of a question of which no literal and no name of its SQL has anything. */
export function lostQuotes(question: string, mentions: Mentions, asked: Asked): readonly string[] {
  const texts = mentions.texts.map(fold);
  if (mayBeCoded(mentions, asked)) {
    return [];
  }
  const said = [...new Set(quotesIn(question))];
  return said.filter((text) => !isFound(text, texts, mentions));
}

/** Whether a code or a number that nobody has said may be what is stored for a label. */
export function mayBeCoded({ texts, equals }: Mentions, asked: Asked): boolean {
  const isCode = (text: string): boolean =>
    /^[\p{L}\p{N}]+$/u.test(text) && text.length <= codeLength && !asked.says(text);
  return texts.some(isCode) || equals.some((number) => !asked.says(String(number)));
}

/** Whether a literal or a name has a text, or something of it. */
export function isFound(text: string, texts: readonly string[], mentions: Mentions): boolean {
  const wanted = fold(text);
  const numbers = numbersIn(text);
  if (wanted === '' || mentions.texts.some((one) => one.includes(text))) {
    return true;
  }
  // A date may be written otherwise.
  if (numbers.length > 0) {
    return (
      numbers.some((number) => mentions.numbers.includes(number)) ||
      texts.some((one) => isWithin(wanted, one))
    );
  }
  const names = [...mentions.names, ...mentions.aliases].map(fold);
  return (
    texts.some((one) => isWithin(wanted, one) || isMisspelt(wanted, one)) ||
    wanted.split(' ').every((word) => texts.some((one) => isWithin(word, one))) ||
    wanted
      .split(' ')
      .filter((word) => word.length >= stemLength)
      .every((word) => names.some((name) => name.includes(word.slice(0, stemLength))))
  );
}

/** Whether one text has the other at the start of a word; blanks aside, `Tokyo,Japan` is `Tokyo , Japan`. */
function isWithin(part: string, whole: string): boolean {
  return ` ${whole}`.includes(` ${part}`) || (whole.length > 1 && ` ${part} `.includes(` ${whole} `));
}
