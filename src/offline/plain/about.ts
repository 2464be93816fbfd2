import type { Analysis } from '../analysis/analysis.ts';
import { isForm } from '../language/form.ts';
import { datesOf, isEventNoun, isWhoever } from './heads/nouns.ts';
import { isRate, ratedStates } from './heads/rates.ts';
import { isRevenue, keepsTimes } from './heads/summed.ts';
import { isPeople, type namesOf } from './names.ts';
import { rolesAt } from './relations/roles.ts';
import { wholeOf } from './wholes.ts';

/** The tables that a question may be about: those that it names, those of its values and columns, those of people for `who`. */
export function tablesAbout(analysis: Analysis, names: ReturnType<typeof namesOf>): ReadonlySet<number> {
  const { schemaIndex, tokens } = analysis;
  const lowers = tokens.map(({ lower }) => lower);
  const about = new Set<number>();
  tokens.forEach((token, at) => {
    for (const { id } of names.tablesAt(at)) {
      about.add(id);
    }
    for (const { value } of names.valuesAt(at)) {
      const owner = schemaIndex.columns[value.column]?.table;
      if (owner !== undefined) {
        about.add(owner);
        for (const link of schemaIndex.links.filter(({ to }) => to === owner)) {
          about.add(link.from);
        }
      }
    }
    if (isWhoever(token.lower)) {
      for (const table of schemaIndex.tables.filter((each) => isPeople(analysis, each))) {
        about.add(table.id);
      }
    }
    for (const { link } of rolesAt({ analysis, lowers }, at)) {
      about.add(link.to);
    }
    if (/^(?:any|some|every)thing$/u.test(token.lower) || isFlagged(schemaIndex, token.lower)) {
      for (const table of schemaIndex.tables) {
        about.add(table.id);
      }
    }
    if (isEventNoun(token.lower, token.lemma)) {
      for (const table of schemaIndex.tables) {
        if (datesOf(analysis, table).some(({ ownWords: [own = ''] }) => isForm(token.lower, own))) {
          about.add(table.id);
        }
      }
    }
    if (isRate(lowers, at)) {
      for (const table of schemaIndex.tables) {
        if (ratedStates({ analysis }, table, token.lower).length > 0) {
          about.add(table.id);
        }
      }
    }
    if (isRevenue([token.lower], 0) || /^(?:earn|earned|make|made|take|took)$/u.test(token.lower)) {
      for (const table of schemaIndex.tables.filter(
        (each) => keepsTimes({ analysis }, each) || wholeOf(analysis, each) !== null,
      )) {
        about.add(table.id);
      }
    }
    if (
      at < 2 ||
      /^(?:average|mean|avg|total|sum|highest|lowest|maximum|minimum|which|what)$/u.test(token.lower)
    ) {
      for (const table of schemaIndex.tables) {
        if (
          [at, at + 1, at + 2].some((next) => names.columnsAt(table.id, next).some(({ cost }) => cost < 0.3))
        ) {
          about.add(table.id);
        }
      }
    }
  });
  return about;
}

/** Whether a plural is a form of the last word by which a column is called: `smokers` of `smoker`. */
const isFlagged = ({ columns }: Analysis['schemaIndex'], word: string): boolean =>
  /\p{L}{3,}s$/u.test(word) &&
  columns.some(({ ownWords }) => ownWords.length <= 2 && isForm(word, ownWords.at(-1) ?? ''));
