import type { Doubt } from '../doubt.ts';
import type { Look } from '../look.ts';
import { isTextLiteral, literalText, predicatesOf } from '../predicates.ts';
import { isMisspelt } from '../values/meant.ts';

/** Finds texts of the SQL that the question spells otherwise: whoever wrote it took a word for a misspelt one. */
export const lookForRespelt: Look = async ({ isStrict, scopes, asked }) => {
  if (!isStrict) {
    return [];
  }
  return scopes.flatMap(predicatesOf).flatMap(({ operator, literals, resolved: { table, column } }) =>
    ['=', 'IN', 'LIKE', 'ILIKE'].includes(operator)
      ? literals.filter(isTextLiteral).flatMap((literal): readonly Doubt[] => {
          const text = literalText(literal).replaceAll('%', '');
          const word = asked.says(text) ? null : asked.wordLike(text, isMisspelt);
          return word === null
            ? []
            : [
                {
                  kind: 'unknown-value',
                  sentence: `The question says '${word}', and the SQL takes it for ${table.name}.${column.name} = '${text}'.`,
                  evidence: { column: `${table.name}.${column.name}`, literal: word, nearest: [text] },
                  mendedSql: null,
                },
              ];
        })
      : [],
  );
};
