import type { Asked } from '../question.ts';
import { fold } from '../values/nearest-value.ts';
import type { Mentions } from './mentions.ts';
import { month } from './numbers.ts';
import { isFound, mayBeCoded } from './quotes.ts';
import { withoutQuotes } from './wording.ts';

/** Words in capitals that begin no sentence: `New York`, `Bank of Spain`. */
const proper =
  /(?<=[\p{Ll},] )\p{Lu}[\p{L}\p{N}'’.-]*(?: (?:(?:of|the|and|de|la|del|von|van) )?\p{Lu}[\p{L}\p{N}'’.-]*)*/gu;
/** They are said in many ways. */
const weekday = /^(?:mon|tues|wednes|thurs|fri|satur|sun)days?$/iu;
/** Forms of data, and words that capitals only stress. */
const noName =
  /^(?:unix|json|excel|null|only|total|each|every|distinct|unique|average|count|with|without|both|never|always|exactly|must)$/iu;
/** A language in which every noun is written so. */
const german =
  /(?<![\p{L}])(?:der|die|das|den|dem|des|wie|welche[nrs]?|wer|und|mit|von|im|zeige|haben|gibt)(?![\p{L}])/giu;
/** Shorter ones are codes and abbreviations. */
const shortest = 4;
/** So many letters are enough to tell that a word of a name is meant. */
const stemLength = 3;
/** What people and things of a country are called, which is stored by the country's name: `French`, `Japanese`. */
const adjective = /(?:ish|ese|[ai]ans?|ch)$/u;

/**
 * The names that a question says without quotes, and of which no literal and no name of its SQL has anything; a name with a
 * word of the schema is the schema's.
 */
export function lostProperNames(
  question: string,
  mentions: Mentions,
  asked: Asked,
  identifiers: readonly string[],
): readonly string[] {
  const plain = withoutQuotes(question);
  const words = plain.split(/\s+/u);
  const capitals = words.filter((word) => /^\p{Lu}/u.test(word));
  // Where most words begin so, that tells nothing.
  if (
    capitals.length * 2 > words.length ||
    (plain.match(german) ?? []).length > 1 ||
    mayBeCoded(mentions, asked)
  ) {
    return [];
  }
  const texts = mentions.texts.map(fold);
  const ofSchema = new Set(
    identifiers.flatMap((name) => fold(name.replaceAll('_', ' ')).split(' ').map(stem)),
  );
  const said = new Set((plain.match(proper) ?? []).map((text) => text.replace(/(?:['’]s?|[.-])$/u, '')));
  return [...said].filter((text) => {
    const parts = fold(text).split(' ');
    return (
      text.length >= shortest &&
      !month.test(text) &&
      !weekday.test(text) &&
      !noName.test(text) &&
      !(parts.length === 1 && adjective.test(text)) &&
      !/\d/u.test(text) &&
      !parts.some((part) => ofSchema.has(stem(part))) &&
      !parts.some((part) => part.length >= stemLength && texts.some((one) => one.includes(stem(part)))) &&
      !isCodeUsed(plain, text, texts) &&
      !isFound(text, texts, mentions)
    );
  });
}

/** `Chicago (ORD)`: whoever uses the code has used the name. */
function isCodeUsed(question: string, name: string, texts: readonly string[]): boolean {
  const after = question.slice(question.indexOf(name) + name.length);
  const code = /^[.,'’]?\s*[([](?<code>[^)\]]+)[)\]]/u.exec(after)?.groups?.['code'];
  return code !== undefined && texts.includes(fold(code));
}

function stem(word: string): string {
  return word.slice(0, stemLength);
}
