import type { Language } from '../../words/language.ts';
import type { Doubts } from '../doubt.ts';
import german from './german.json' with { type: 'json' };
import spanish from './spanish.json' with { type: 'json' };

/** How a language says what looks for doubts say in English. */
interface Wording {
  /**
   * Sentences in English and in the language. `{x}` is any text, `{n:x}` a number, `{d:x}` a day, and `{l:x}` a list that may have words
   * of `lists` in it.
   */
  readonly sentences: readonly (readonly string[])[];
  readonly lists: readonly (readonly string[])[];
  /** How a day is written, of its year, its month and its number. */
  readonly date: string;
  readonly thousands: string;
  readonly decimal: string;
}

interface Sentence {
  readonly pattern: RegExp;
  readonly holes: readonly { readonly kind: string; readonly name: string }[];
  readonly by: string;
}

const wordings: Readonly<Record<Language, Wording>> = { German: german, Spanish: spanish };

const hole = /\{(?:(?<kind>[nld]):)?(?<name>\w+)\}/gu;

const patternOf = (template: string): string =>
  template
    .split(/(\{(?:[nld]:)?\w+\})/u)
    .map((part) =>
      part.startsWith('{n:')
        ? '([\\d,.]*\\d)'
        : part.startsWith('{')
          ? '(.+?)'
          : part.replace(/[$()*+.?[\\\]^{|}]/gu, String.raw`\$&`),
    )
    .join('');

function sentencesOf({ sentences }: Wording): readonly Sentence[] {
  return sentences.map(([english = '', by = '']) => ({
    pattern: new RegExp(`^${patternOf(english)}$`, 'su'),
    holes: [...english.matchAll(hole)].map(({ groups }) => ({
      kind: groups?.['kind'] ?? '',
      name: groups?.['name'] ?? '',
    })),
    by,
  }));
}

const numberIn = ({ thousands, decimal }: Wording, text: string): string =>
  text.replace(/[,.]/gu, (mark) => (mark === ',' ? thousands : decimal));

function valueIn(wording: Wording, kind: string, value: string): string {
  switch (kind) {
    case 'n':
      return numberIn(wording, value);
    case 'd':
      return value.replace(/\b(\d{4})-(\d\d)-(\d\d)\b/gu, wording.date);
    case 'l':
      return listIn(wording, value);
    default:
      return value;
  }
}

/** A list with its joining words in a language; what is quoted stays. */
function listIn(wording: Wording, text: string): string {
  const said = (part: string): string =>
    wording.lists.reduce(
      (told, [english = '', by = '']) =>
        told.replace(new RegExp(patternOf(english), 'gu'), (_whole, number: unknown) =>
          by.replace(hole, typeof number === 'string' ? numberIn(wording, number) : ''),
        ),
      part,
    );
  return text
    .split(/('(?:[^']|'')*')/u)
    .map((part, index) => (index % 2 === 1 ? part : said(part)))
    .join('');
}

/** What is said of an answer in English, said in a language; as it is where the language has no words for a part of it. */
export function saidIn(language: Language | null, text: string): string {
  if (language === null) {
    return text;
  }
  const wording = wordings[language];
  return translated(wording, sentencesOf(wording), text) ?? text;
}

/** One sentence or several in a row; null where one of them is not known. */
function translated(wording: Wording, sentences: readonly Sentence[], text: string): string | null {
  const ends = [...text.matchAll(/[.:] /gu)].map(({ index }) => index + 1);
  for (const end of [...ends, text.length]) {
    const head = sentence(wording, sentences, text.slice(0, end));
    if (head === null) {
      continue;
    }
    const rest = end === text.length ? '' : translated(wording, sentences, text.slice(end + 1));
    if (rest !== null) {
      return rest === '' ? head : `${head} ${rest}`;
    }
  }
  return null;
}

function sentence(wording: Wording, sentences: readonly Sentence[], text: string): string | null {
  for (const { pattern, holes, by } of sentences) {
    const found = pattern.exec(text);
    if (found !== null) {
      const values = new Map(
        holes.map(({ kind, name }, index) => [name, valueIn(wording, kind, found[index + 1] ?? '')]),
      );
      return by.replace(hole, (whole, _kind, name: string) => values.get(name) ?? whole);
    }
  }
  return null;
}

/** What was found, said in a language, and what will be found later. */
export function doubtsIn(language: Language | null, found: Doubts): Doubts {
  const { lookOn } = found;
  return {
    ...found,
    language,
    doubts: found.doubts.map((doubt) => ({ ...doubt, sentence: saidIn(language, doubt.sentence) })),
    notLooked: found.notLooked.map((sentence) => saidIn(language, sentence)),
    lookOn: lookOn === null ? null : async (timeoutMs) => doubtsIn(language, await lookOn(timeoutMs)),
  };
}
