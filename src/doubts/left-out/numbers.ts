import { fold } from '../values/nearest-value.ts';
import { type Mentions, numbersIn } from './mentions.ts';
import { superlatives } from './superlatives.ts';
import { withoutQuotes } from './wording.ts';

/** A number that stands by itself: no part of a word, a date, a time, a range or a code. */
const standing =
  /(?<![\p{L}\p{N}_#/:.,@&-])[$€£¥]?(?<number>\d{1,3}(?:[,. \u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)(?![\p{L}\p{N}_/:@&]|[.,'’–-]\p{N}|[-'’]\p{L}| ?[-–] ?\d)/gu;

/** Between what is asked in one measure and stored in another lie these factors. */
const factors = [1, 7, 10, 12, 24, 30, 60, 100, 365, 1000, 1024, 3600, 86_400, 1e6, 1e9];
/** The factors where no measure is named: cents, grams, millions. */
const plainFactors = [1, 100, 1000, 1e6];

/** A measure after a number: what is stored may be in another one. */
const measure =
  /^ ?-?(?:%|percent|per cent|prozent|pour cent|por ciento|years?|months?|weeks?|days?|hours?|minutes?|seconds?|quarters?|decades?|jahren?|monaten?|wochen?|tagen?|stunden?|minuten|ans|années|mois|semaines?|jours?|heures?|años|meses|semanas|días|horas|feet|foot|ft|inch(?:es)?|miles?|mi|yards?|km|kilomet\w+|met(?:er|re)s?|cm|mm|pounds?|lbs?|kg|kilo\w*|grams?|ounces?|degrees?|gallons?|lit(?:er|re)s?|[kmgt]b|(?:kilo|mega|giga|tera)?bytes?|thousand|million|billion|dozen)(?![\p{L}])/iu;
/** What makes the number after it a measure of time. */
const aged =
  /\b(?:aged?|older than|younger than|last|past|previous|next|quarter|half) (?:of |is |was |above |over |below |under )?$/iu;
/** What makes the number after it say how many there are: "all 50 states", "the 4 seasons". */
const given = /\b(?:the|all|all the|both|these|those|her|his|its|our|their|die|alle|les|los|las) $/iu;
/** What makes such a number say how many are wanted: "the 3 oldest". */
const wanted = new RegExp(superlatives.source, 'iu');
/** A time of the day. */
const clock = /^\d\d?:\d\d/u;
/** A month's name beside a number, which makes it a day. */
export const month =
  /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december|januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\b/iu;

/** Small numbers as data writes them in words or in Roman numerals. */
const words: readonly RegExp[] = [
  /\b(?:two|second|ii|twice)\b/u,
  /\b(?:three|third|iii)\b/u,
  /\b(?:four|fourth|iv)\b/u,
  /\b(?:five|fifth|v)\b/u,
  /\b(?:six|sixth|vi)\b/u,
  /\b(?:seven|seventh|vii)\b/u,
  /\b(?:eight|eighth|viii)\b/u,
  /\b(?:nine|ninth|ix)\b/u,
  /\b(?:ten|tenth|x)\b/u,
  /\b(?:eleven|eleventh|xi)\b/u,
  /\b(?:twelve|twelfth|xii)\b/u,
];

/** The numbers and years of a question that nothing in its SQL can come from, as it writes them. */
export function lostNumbers(question: string, mentions: Mentions): readonly string[] {
  const plain = withoutQuotes(question);
  const used = [...mentions.numbers, ...mentions.names.flatMap(numbersIn)];
  const lost = [...plain.matchAll(standing)].flatMap(({ groups, index, 0: whole }) => {
    const text = groups?.['number'] ?? '';
    const [before, after] = [plain.slice(0, index), plain.slice(index + whole.length)];
    return isUsed({ text, before, after }, used, mentions) ? [] : [text];
  });
  return [...new Set(lost)];
}

/** A number of a question with the text on both sides of it. */
interface Said {
  readonly text: string;
  readonly before: string;
  readonly after: string;
}

function isUsed(said: Said, used: readonly number[], mentions: Mentions): boolean {
  const { before, after } = said;
  const nearWords = [before.split(/\s+/u).slice(-3).join(' '), after.split(/\s+/u).slice(0, 3).join(' ')];
  return readingsOf(said.text).some((number) => {
    // "One" and "none" are said in many ways.
    if (number === 0 || number === 1) {
      return true;
    }
    if (number <= 31 && nearWords.some((near) => month.test(near))) {
      return true;
    }
    const isYear = isYearNumber(number);
    if (!isYear && given.test(before) && !wanted.test(before + after)) {
      return true;
    }
    const isMeasure = !isYear && measure.test(after);
    if ((isMeasure && isMeasured(mentions)) || (!isYear && aged.test(before) && isDated(mentions))) {
      return true;
    }
    return (
      used.some((one) => isSame(number, one, isMeasure)) ||
      mentions.bounds.some((bound) => Math.abs(bound - number) === 1) ||
      (isYear && mentions.texts.some((text) => numbersIn(text).includes(number % 100))) ||
      mentions.texts.some((text) => clock.test(text) && numbersIn(text).includes(number + 12)) ||
      isInWords(number, mentions) ||
      (!isYear && isOfName(before, mentions))
    );
  });
}

/** What the digits can mean: `1.000` is a thousand, or one. */
function readingsOf(text: string): readonly number[] {
  const decimal = Number(text.replaceAll(/[ ,\u00a0\u202f](?=\d{3})/gu, '').replace(',', '.'));
  const grouped = Number(text.replaceAll(/[ .,\u00a0\u202f](?=\d{3})/gu, '').replace(',', '.'));
  return [...new Set([decimal, grouped])].filter(Number.isFinite);
}

function isYearNumber(number: number): boolean {
  return Number.isInteger(number) && number >= 1500 && number < 2100;
}

/** Whether a number of the SQL is the one that was said: in another measure, or as a share, or what is left of one. */
function isSame(said: number, used: number, isMeasure: boolean): boolean {
  const isNear = (one: number, other: number): boolean => Math.abs(one - other) <= 1e-9 * Math.abs(other);
  if (said === used || isYearNumber(said)) {
    return said === used;
  }
  if (!isMeasure) {
    return (
      used !== 1 && plainFactors.some((factor) => isNear(used, said * factor) || isNear(used * factor, said))
    );
  }
  return (
    factors.some((factor) => isNear(used, said * factor) || isNear(used * factor, said)) ||
    [1 - said / 100, 1 + said / 100, 100 - said, 100 / said].some((share) => isNear(used, share))
  );
}

/** Whether something is compared that a measure can be in: a bound, or a date. */
function isMeasured(mentions: Mentions): boolean {
  return mentions.bounds.some((bound) => bound > 1) || isDated(mentions);
}

/** Whether a date or a year is mentioned, or a moment that is reckoned. */
function isDated({ texts, numbers }: Mentions): boolean {
  return numbers.some(isYearNumber) || texts.some((text) => /\d/u.test(text));
}

function isInWords(number: number, { texts }: Mentions): boolean {
  const word = Number.isInteger(number) ? words[number - 2] : undefined;
  return word !== undefined && texts.some((text) => word.test(fold(text)));
}

/** Whether the word before it, with which it makes a name, is in the SQL: `Area 51`. */
function isOfName(before: string, { texts }: Mentions): boolean {
  const [word = ''] = fold(before).split(' ').slice(-1);
  return word.length > 2 && texts.some((text) => fold(text).includes(word));
}
