import { withoutStoredValues } from '../../ask/prompt/privacy.ts';
import type { PastAnswer } from '../../memory/history.ts';
import { isOfSpelling } from '../../schema/spelling.ts';
import type { ApiAnswer, ApiAnswered, ApiClarification, ApiDoubt } from '../api/answer.ts';
import type { Caller } from '../caller.ts';
import { maySee } from '../seen.ts';
import type { Kept } from './kept.ts';

/**
 * An answer as its owner may see it now. Whoever may not run SQL sees nothing that rows alone say: no estimate of how many
 * there are, no value that they have not typed, and of what was found while they still might run, that it was found. So does
 * who may not see all any more that it was made of.
 */
export function toldTo(
  caller: Pick<Caller, 'roles' | 'databases' | 'hide'>,
  { told, made, sawRows, hide }: Kept,
): ApiAnswered {
  if (caller.roles.has('run') && maySee(caller, { database: told.database, hide })) {
    return told;
  }
  const holdsValues = made.holdsStoredValues || made.spelt !== null;
  return told.kind === 'answer'
    ? answerWithoutRows(told, made.meaning, holdsValues, sawRows)
    : holdsValues
      ? clarificationWithoutValues(told)
      : told;
}

/** An answer of the history, likewise. */
export function pastTo<Past extends PastAnswer>(caller: Pick<Caller, 'roles'>, past: Past): Past {
  const { question, sql, assumptions, provider } = past;
  if (caller.roles.has('run')) {
    return past;
  }
  const holdsValues = provider === 'offline' || assumptions.some(isOfSpelling);
  return { ...past, rows: null, sql: holdsValues ? withoutStoredValues(sql, question) : sql };
}

function answerWithoutRows(
  told: ApiAnswer,
  meaning: string,
  holdsValues: boolean,
  sawRows: boolean,
): ApiAnswer {
  const shown = (sql: string): string => (holdsValues ? withoutStoredValues(sql, meaning) : sql);
  const sql = shown(told.sql);
  const quoted = holdsValues ? valuesTakenOut(told.sql, sql) : [];
  const says = (text: string): boolean => quoted.some((value) => text.includes(value));
  return {
    ...told,
    sql,
    formatted: shown(told.formatted),
    // What the engine on this machine takes for granted it has read in the rows.
    assumptions: holdsValues ? [] : told.assumptions,
    doubts: told.doubts.map((doubt) => (sawRows || says(JSON.stringify(doubt)) ? unsaid(doubt) : doubt)),
    plan: { ...told.plan, rows: null, cost: null, text: null },
    runs: [],
  };
}

/** The literals of a text that are not in the other. */
function valuesTakenOut(sql: string, shown: string): readonly string[] {
  const literals = (text: string): readonly string[] =>
    [...text.matchAll(/'((?:[^']|'')*)'/gu)].map(([, value = '']) => value.replace(/^%|%$/gu, ''));
  const left = new Set(literals(shown));
  return literals(sql).filter((value) => value !== '' && !left.has(value));
}

function unsaid({ kind }: ApiDoubt): ApiDoubt {
  return {
    kind,
    sentence: 'There is a reason to doubt this answer, which only somebody who may run SQL is told.',
    evidence: {},
    mendedSql: null,
  };
}

/** A choice is told by its SQL, without the values that the engine on this machine has found for it. */
function clarificationWithoutValues(told: ApiClarification): ApiClarification {
  const { question, choices } = told;
  const texts = choices.map(({ sql }) => (sql === null ? null : withoutStoredValues(sql, question)));
  return {
    ...told,
    asks: 'This can be read in several ways. Which is meant?',
    choices: texts.map((sql, index) => ({ interpretation: sql ?? `Reading ${index + 1}`, sql })),
  };
}
