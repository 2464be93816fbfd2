import type { JSX } from 'preact';

/**
 * Characters that are obeyed or not seen: controls, bidirectional and other format characters, separators of lines. A cell,
 * a name or a comment could use them to forge what the user sees. Joiners stay: emoji and whole scripts need them.
 */
const unseen = /(?!\u200c|\u200d)([\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}])/gu;

/** As above, but for the ends of lines and tabs that SQL is written with. */
const unseenInLines = /(?!\u200c|\u200d|\n|\t)([\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}])/gu;

const pictures: Readonly<Record<string, string>> = {
  '\n': '↵',
  '\r': '␍',
  '\t': '⇥',
  '\0': '␀',
  '\u001b': '␛',
};

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return pictures[character] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A text of the database, the model or a person, as text and nothing else, with what would hide in it made visible. */
export function PlainText({ text, lines = false }: { text: string; lines?: boolean }): JSX.Element {
  const pieces = text.split(lines ? unseenInLines : unseen);
  return (
    <bdi>
      {pieces.length === 1
        ? text
        : pieces.map((piece, index) => (index % 2 === 0 ? piece : <Unseen key={index} character={piece} />))}
    </bdi>
  );
}

function Unseen({ character }: { character: string }): JSX.Element {
  return <span class="unseen">{picture(character)}</span>;
}

/** The same as a string, for attributes. */
export function plainText(text: string): string {
  return text.replace(unseen, picture);
}
