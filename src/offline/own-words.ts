/** How the engine's questions back end, before what there is to choose from. */
export const asksBack = {
  unsure: 'Its nearest interpretations:',
  unread: 'Without those words:',
  several: 'The offline engine can read this in several ways:',
} as const;

const ends: ReadonlySet<string> = new Set(Object.values(asksBack));

/**
 * What the user said last. Somebody who is asked back and says it in other words is not asked about the words of before, nor
 * about the engine's own.
 */
export function ownWords(question: string): string {
  const lines = question.split('\n');
  const end = lines.findLastIndex((line) => ends.has(line));
  const said = lines
    .slice(end + 1)
    .join('\n')
    .trim();
  return loose.reduce(
    (text, [pattern, written]) => text.replaceAll(pattern, written),
    end === -1 || said === '' ? question : said,
  );
}

/** How people type who chat, and how it is written. */
const loose: readonly (readonly [RegExp, string])[] = [
  [/\bw\/o\b/giu, 'without'],
  [/\b(what|who|where|how|when|that|there)s\b(?! ?['’])/giu, "$1's"],
  [/\b(?:pls|plz)\b/giu, 'please'],
  [/\bgimme\b/giu, 'give me'],
  [/\bwanna\b/giu, 'want to'],
  [/\bppl\b/giu, 'people'],
  [/\bcalled off\b/giu, 'cancelled'],
];
