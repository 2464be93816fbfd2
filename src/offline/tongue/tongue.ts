import german from '../data/german.json' with { type: 'json' };
import spanish from '../data/spanish.json' with { type: 'json' };

type Forms = Readonly<Record<string, string>>;

/** A tongue's file. */
interface TongueFile {
  /** English, and what is said for it, parted by bars. */
  readonly phrases: Forms;
  /** English words by kind, each with its forms, parted by blanks. */
  readonly names: Forms;
  readonly verbs: Forms;
  readonly present: Forms;
  readonly adjectives: Forms;
  readonly superlatives: Forms;
  readonly places: Forms;
  readonly times: Forms;
  readonly numbers: Forms;
  /** What may end an adjective. */
  readonly endings: readonly string[];
  /** What the engine says of a reading, and how it is said in the tongue. */
  readonly said: readonly (readonly string[])[];
  readonly sentences: Tongue['sentences'];
}

export type Kind =
  | 'phrase'
  | 'name'
  | 'verb'
  | 'present'
  | 'adjective'
  | 'superlative'
  | 'place'
  | 'time'
  | 'number';

export interface Entry {
  readonly english: string;
  readonly kind: Kind;
  /** Whether it is another form than the first of its list: most of them are plurals. */
  readonly isOther: boolean;
}

/** A language other than English whose plain questions are read by the English rules, word for word. */
export interface Tongue {
  readonly name: 'German' | 'Spanish';
  /** What one to four words, without accents and in lower case, are in English. */
  readonly entries: ReadonlyMap<string, Entry>;
  readonly endings: readonly string[];
  /** Letters and marks that it has and English lacks. */
  readonly letters: RegExp;
  readonly said: readonly (readonly [pattern: RegExp, by: string])[];
  readonly sentences: Readonly<
    Record<
      'share' | 'notUnderstood' | 'noReading' | 'textAmount' | 'byRule' | 'builtOn' | 'noFollowUp',
      string
    >
  >;
}

/** A word as tables have it: `Größe` as `groesse`, `más` as `mas`. */
export const plainForm = (word: string): string =>
  word
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '');

function tongueOf(name: Tongue['name'], file: TongueFile): Tongue {
  const entries = new Map<string, Entry>();
  const add = (kind: Kind, list: Forms, part: string, ends: readonly string[]): void => {
    for (const [english, said] of Object.entries(list)) {
      for (const [place, word] of said.split(part).entries()) {
        for (const end of ends) {
          if (!entries.has(word + end)) {
            entries.set(plainForm(word) + end, { english, kind, isOther: place > 0 });
          }
        }
      }
    }
  };
  const asIs = [''];
  add('phrase', file.phrases, '|', asIs);
  add('time', file.times, ' ', asIs);
  add('number', file.numbers, ' ', asIs);
  add('name', file.names, ' ', asIs);
  if (name === 'German') {
    // The dative of the plural, `mit 100 Besuchern`.
    for (const [word, entry] of [...entries].filter(([, { kind }]) => kind === 'name')) {
      if (/(?:e[lr]?)$/u.test(word) && !entries.has(`${word}n`)) {
        entries.set(`${word}n`, { ...entry, isOther: true });
      }
    }
  }
  add('verb', file.verbs, ' ', file.endings);
  add('present', file.present, ' ', asIs);
  add('adjective', file.adjectives, ' ', file.endings);
  add('superlative', file.superlatives, ' ', file.endings);
  add('place', file.places, ' ', asIs);
  return {
    name,
    entries,
    endings: file.endings,
    letters: name === 'German' ? /[äöüß]/iu : /[¿¡ñ]/iu,
    said: file.said.map(([pattern = '', by = '']) => [new RegExp(pattern, 'gu'), by]),
    sentences: file.sentences,
  };
}

/** The languages that are read without a model. */
export const readTongues = (): readonly Tongue[] => [
  tongueOf('German', german),
  tongueOf('Spanish', spanish),
];

/** The words of an identifier in English where a tongue knows them: `bezahlt_am` as `paid_at`. */
export function inEnglish({ entries }: Tongue, identifier: string): string {
  return identifier
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1_$2')
    .split(/[^\p{L}\p{N}]+/u)
    .map((part) => {
      const known = entries.get(plainForm(part));
      // `geliefert_am` is a day, whatever `am` leads to in a question.
      return part.toLowerCase() === 'am'
        ? 'at'
        : known === undefined || known.kind === 'place' || known.english === ''
          ? part
          : known.english.replaceAll(' ', '_');
    })
    .join('_');
}

/** A line of a reading, said in a tongue: what was typed stays, what it was read as is told. */
export function saidIn(tongue: Tongue, line: string): string {
  const at = line.lastIndexOf(' → ');
  const head = at < 0 ? '' : line.slice(0, at + 3);
  return (
    // The one head that is none of the question's words.
    (head === 'share → ' ? `${tongue.sentences.share} → ` : head) +
    tongue.said.reduce((text, [pattern, by]) => text.replace(pattern, by), line.slice(head.length))
  );
}

/** Whether a word of an identifier is a name in a tongue, and not the same word in English. */
export const isKnown = ({ entries }: Tongue, identifier: string): boolean =>
  identifier.split(/[^\p{L}]+/u).some((part) => {
    const entry = entries.get(plainForm(part));
    return entry?.kind === 'name' && !plainForm(part).startsWith(entry.english);
  });
