import type { Answer } from '../../model/answer.ts';
import type { ModelRequest } from '../../model/model.ts';
import { analyse } from '../analysis/analysis.ts';
import { buildsOn, standsAlone } from '../follow-up/follow-up.ts';
import type { Token } from '../language/tokenize.ts';
import type { Prepared } from '../parse.ts';
import type { Reader } from './reader.ts';
import { saidIn, type Tongue } from './tongue.ts';

/**
 * The answer to a question in a tongue that builds on the one before, `und in Berlin?`; null where it stands for itself. It
 * is read as the English question of the same words.
 */
export function continuedInTongue(
  reader: Reader,
  tongue: Tongue,
  tokens: readonly Token[],
  prepared: Prepared,
  request: ModelRequest,
): Answer | null {
  const { previous = null, rejected = [] } = request;
  const english = tokens.map(({ text, kind }) => (kind === 'quoted' ? `"${text}"` : text)).join(' ');
  if (previous === null || !buildsOn(english)) {
    return null;
  }
  const { schemaIndex, linker, lookup } = prepared;
  const analysis = analyse(english, schemaIndex, linker, lookup, request.now);
  const typed = new Map(
    tokens.map((token) => [token.lower, request.question.slice(token.start, token.end)] as const),
  );
  /** The words of a line as they were typed, and what they were read as in the tongue. */
  const said = (line: string): string => {
    const at = line.lastIndexOf(' → ');
    const head = line
      .slice(0, Math.max(at, 0))
      .replace(/[\p{L}\p{N}]+/gu, (word) => typed.get(word.toLowerCase()) ?? word)
      .replace(/\b(.+)( \1)+\b/gu, '$1');
    return at < 0 ? saidIn(tongue, line) : head + saidIn(tongue, line.slice(at));
  };
  const ask = (lines: readonly string[]): Answer =>
    reader.answer(analysis, prepared, { ...request, question: english, rejected: lines });
  const first = ask([]);
  const lines = first.kind === 'sql' ? first.assumptions : [];
  const answer =
    rejected.length === 0
      ? first
      : ask(rejected.map((text) => lines.find((line) => said(line) === text) ?? text));
  if (answer.kind === 'sql') {
    const { builtOn, byRule } = tongue.sentences;
    const isBuilt = answer.assumptions.some((line) => line.startsWith('builds on: '));
    return {
      ...answer,
      language: tongue.name,
      reasoning: isBuilt ? builtOn : byRule,
      assumptions: answer.assumptions.map(said),
    };
  }
  return standsAlone(analysis)
    ? null
    : { kind: 'unanswerable', reason: tongue.sentences.noFollowUp, language: tongue.name };
}
