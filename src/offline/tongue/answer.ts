import type { Answer } from '../../model/answer.ts';
import type { ModelRequest } from '../../model/model.ts';
import { type Analysis, analyse } from '../analysis/analysis.ts';
import harmless from '../data/harmless.json' with { type: 'json' };
import { plural } from '../language/plural.ts';
import type { Token } from '../language/tokenize.ts';
import type { Prepared } from '../parse.ts';
import { textAmountOf } from '../refusals/text-amount.ts';
import { otherTongue } from '../refusals/tongue.ts';
import { continuedInTongue } from './continued.ts';
import type { Reader } from './reader.ts';
import { isKnown, plainForm, saidIn, type Tongue } from './tongue.ts';
import { translated } from './translate.ts';

const english: ReadonlySet<string> = new Set(harmless.words);

/**
 * The answer to a plain question in German or Spanish, its interpretation in that language, or a refusal in it; null where
 * the question is in neither.
 */
export function answerInTongue(reader: Reader, request: ModelRequest, asEnglish: Analysis): Answer | null {
  const spoken = otherTongue(asEnglish)?.name ?? null;
  for (const tongue of reader.tongues) {
    const tokens = translated(tongue, request.question, asEnglish.lookup);
    const isSpoken = spoken === tongue.name;
    if (tokens === null || (!isSpoken && (spoken !== null || !isAlone(asEnglish, tokens)))) {
      continue;
    }
    const prepared = reader.prepare(tongue);
    const { schemaIndex, linker, lookup } = prepared;
    const continued = continuedInTongue(reader, tongue, tokens, prepared, request);
    if (continued !== null) {
      return continued;
    }
    const analysis = analyse(request.question, schemaIndex, linker, lookup, request.now, tokens);
    const answer = reader.answer(analysis, prepared, inEnglish(reader, tongue, analysis, prepared, request));
    const said = (made: Answer): Answer | null =>
      made.kind === 'sql'
        ? {
            ...made,
            language: tongue.name,
            reasoning: tongue.sentences.byRule,
            assumptions: made.assumptions.map((line) => saidIn(tongue, line)),
          }
        : null;
    const readOtherwise = (): Answer | null => {
      const tried = new Set([JSON.stringify(tokens)]);
      // `offen` may be a stored value of another table than the one that is asked about, and `Katzen` a kind of animals.
      for (const choices of [{ storedFirst: false }, { storedNames: true }]) {
        const other = translated(tongue, request.question, asEnglish.lookup, choices);
        if (other === null || tried.has(JSON.stringify(other))) {
          continue;
        }
        tried.add(JSON.stringify(other));
        const read = analyse(request.question, schemaIndex, linker, lookup, request.now, other);
        const made = said(reader.answer(read, prepared, inEnglish(reader, tongue, read, prepared, request)));
        if (made !== null) {
          return made;
        }
      }
      return null;
    };
    const found = said(answer) ?? readOtherwise();
    if (found !== null) {
      return found;
    }
    if (isSpoken || isForeign(asEnglish, tokens)) {
      return refusal(reader, tongue, analysis, prepared);
    }
  }
  return null;
}

/**
 * The refusal of a question whose words the tables lack, in the language that they are of all the same: by its letters, by
 * a name or one that a word ends with, `Gitarrenkurse`, by the names of the tables, or by the question before. Null where a
 * word is English.
 */
export function refusedInTongue(reader: Reader, request: ModelRequest, asEnglish: Analysis): Answer | null {
  // Read as English, `productos` is a slip of `products`.
  const words = request.question.toLowerCase().match(/\p{L}+/gu) ?? [];
  const { tables } = asEnglish.schemaIndex;
  if (words.some((lower) => english.has(lower)) || asEnglish.cues.length > 0) {
    return null;
  }
  const before = request.previous?.question ?? '';
  const tongue = reader.tongues.find(
    (each) =>
      isNamedIn(each, tables) ||
      words.some((lower) => isOwnName(each, lower)) ||
      each.letters.test(request.question) ||
      (before !== '' && each.letters.test(before)) ||
      words.some((lower) =>
        [...lower].some(
          (_, cut) =>
            cut > 2 &&
            lower.length - cut > 3 &&
            each.entries.get(plainForm(lower.slice(cut)))?.kind === 'name',
        ),
      ),
  );
  return tongue === undefined ? null : refusal(reader, tongue, asEnglish, reader.prepare(tongue));
}

/** Whether a word is a name in a tongue, and no English one by its looks. */
function isOwnName({ entries }: Tongue, lower: string): boolean {
  const entry = entries.get(plainForm(lower));
  return (
    entry?.kind === 'name' && lower.length > 5 && lower !== entry.english && lower !== plural(entry.english)
  );
}

/** Whether half of the tables have names in a tongue. */
const isNamedIn = (tongue: Tongue, tables: readonly { readonly name: string }[]): boolean =>
  tables.filter(({ name }) => isKnown(tongue, name)).length * 2 >= tables.length;

/** The answer to an English question about a schema whose names are in another tongue: `drivers who left` of `fahrer`. */
export function answerMixed(reader: Reader, request: ModelRequest, asEnglish: Analysis): Answer | null {
  for (const tongue of reader.tongues) {
    const { tables } = asEnglish.schemaIndex;
    if (!isNamedIn(tongue, tables)) {
      continue;
    }
    const prepared = reader.prepare(tongue);
    const { schemaIndex, linker, lookup } = prepared;
    const tokens = translated(tongue, request.question, lookup, { isMixed: true }) ?? undefined;
    const analysis = analyse(request.question, schemaIndex, linker, lookup, request.now, tokens);
    const answer = reader.answer(analysis, prepared, request);
    if (answer.kind === 'sql') {
      return answer;
    }
  }
  return null;
}

/** Whether a question has words of a tongue, and none that only English has. */
function isAlone({ tokens, cues }: Analysis, known: readonly Token[]): boolean {
  const inTongue = (place: number): readonly Token[] =>
    known.filter(({ translated: is, start, end }) => is === true && start <= place && place < end);
  const words = tokens.filter(({ kind }) => kind === 'word');
  // `in` is both.
  const isOther = words.some(
    ({ lower, start }) => !english.has(lower) && inTongue(start).some((each) => each.lower !== lower),
  );
  const isEnglish = tokens.some(
    ({ kind, lower, start }, index) =>
      kind === 'word' &&
      inTongue(start).length === 0 &&
      (english.has(lower) || cues.some((cue) => cue.start <= index && index < cue.end)),
  );
  return isOther && !isEnglish;
}

/** Whether half of the words that the database does not have are a tongue's alone, and not the same in English. */
function isForeign({ columns, tables, tokens, values }: Analysis, known: readonly Token[]): boolean {
  const isData = (index: number): boolean =>
    [...tables, ...columns].some(
      ({ start, end, weakest }) => weakest >= 0.85 && start <= index && index < end,
    ) || values.some(({ start, end, match }) => match === 'exact' && start <= index && index < end);
  const words = tokens.filter(({ kind }, index) => kind === 'word' && !isData(index));
  const foreign = words.filter(({ lower, start }) =>
    known.some((each) => each.translated === true && each.start === start && each.lower !== lower),
  );
  return foreign.length > 0 && foreign.length * 2 >= words.length;
}

/** The request with the lines that the user rejects as the engine says them. */
function inEnglish(
  reader: Reader,
  tongue: Tongue,
  analysis: Analysis,
  prepared: Prepared,
  request: ModelRequest,
): ModelRequest {
  const { rejected = [] } = request;
  if (rejected.length === 0) {
    return request;
  }
  const first = reader.answer(analysis, prepared, { ...request, rejected: [], attempts: [] });
  const lines = first.kind === 'sql' ? first.assumptions : [];
  return {
    ...request,
    rejected: rejected.map((said) => lines.find((line) => saidIn(tongue, line) === said) ?? said),
  };
}

function refusal(
  reader: Reader,
  { name, sentences }: Tongue,
  analysis: Analysis,
  prepared: Prepared,
): Answer {
  const refused = (reason: string): Answer => ({ kind: 'unanswerable', reason, language: name });
  const texts = textAmountOf(analysis);
  if (texts !== null) {
    return refused(
      sentences.textAmount.replace('{column}', texts.column).replace('{samples}', texts.samples),
    );
  }
  const words = reader.unread(analysis, prepared).flatMap((index) => {
    const token = analysis.tokens[index];
    return token === undefined ? [] : [analysis.question.slice(token.start, token.end)];
  });
  return refused(
    words.length === 0
      ? sentences.noReading
      : sentences.notUnderstood.replace(
          '{words}',
          [...new Set(words)].map((word) => (name === 'German' ? `„${word}“` : `«${word}»`)).join(', '),
        ),
  );
}
