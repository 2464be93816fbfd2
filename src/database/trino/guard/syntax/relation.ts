import { type Cursor, Refusal } from './cursor.ts';
import { readExpression } from './expression.ts';
import { beginsQuery } from './lookahead.ts';
import { readNames, readQuery, takeAlias } from './query.ts';

/** A table, a subquery, or a join of them. */
export function readRelation(cursor: Cursor): void {
  cursor.deeper(() => {
    readSampled(cursor);
    for (;;) {
      if (cursor.takeWords('CROSS', 'JOIN')) {
        readSampled(cursor);
      } else if (cursor.takeWords('NATURAL')) {
        // Which columns it compares, no text says.
        cursor.findings.takesAll = true;
        takeJoin(cursor, true);
        readSampled(cursor);
      } else if (takeJoin(cursor, false)) {
        readRelation(cursor);
        readCriteria(cursor);
      } else {
        return;
      }
    }
  });
}

function takeJoin(cursor: Cursor, isNeeded: boolean): boolean {
  const side = ['LEFT', 'RIGHT', 'FULL'].find((word) => cursor.takeWords(word));
  const isTyped = side === undefined ? cursor.takeWords('INNER') : true;
  if (side !== undefined) {
    cursor.takeWords('OUTER');
  }
  const isJoin = cursor.takeWords('JOIN');
  if (!isJoin && (isNeeded || isTyped)) {
    throw cursor.unexpected();
  }
  return isJoin;
}

function readCriteria(cursor: Cursor): void {
  if (cursor.takeWords('ON')) {
    readExpression(cursor);
    return;
  }
  cursor.needWords('USING');
  cursor.within(() => cursor.list(() => cursor.noteColumn(cursor.name())));
}

function readSampled(cursor: Cursor): void {
  const table = readRelationPrimary(cursor);
  const renames = takeAlias(cursor) && cursor.isSign('(');
  if (renames) {
    readNames(cursor);
  }
  if (table !== null) {
    cursor.noteTable(table, renames);
  }
  if (cursor.takeWords('TABLESAMPLE')) {
    if (!cursor.takeWords('BERNOULLI')) {
      cursor.needWords('SYSTEM');
    }
    cursor.within(() => readExpression(cursor));
  }
}

/** The parts of the name where it is a table; null for all else. */
function readRelationPrimary(cursor: Cursor): readonly string[] | null {
  if (cursor.isSign('(')) {
    readParenthesized(cursor);
  } else if (cursor.takeWords('UNNEST')) {
    cursor.within(() => cursor.list(() => readExpression(cursor)));
    cursor.takeWords('WITH', 'ORDINALITY');
  } else if (cursor.isWord('LATERAL') && cursor.isSign('(', 1)) {
    cursor.next();
    cursor.within(() => readQuery(cursor));
  } else if (cursor.takeWords('TABLE')) {
    cursor.within(() => readTableFunction(cursor));
  } else if (cursor.isWord('JSON_TABLE')) {
    throw new Refusal('JSON_TABLE is not understood here; JSON_VALUE and JSON_QUERY are');
  } else {
    const name = cursor.qualifiedName();
    if (cursor.takeWords('FOR')) {
      readPeriod(cursor);
    }
    return name;
  }
  return null;
}

function readParenthesized(cursor: Cursor): void {
  const readsQuery = beginsQuery(cursor, 1) && cursor.tries(() => cursor.within(() => readQuery(cursor)));
  if (!readsQuery) {
    cursor.within(() => readRelation(cursor));
  }
}

/** Functions that give tables: those of connectors hand SQL to other databases, and others read whole tables. */
function readTableFunction(cursor: Cursor): void {
  const name = cursor.qualifiedName().join('.');
  if (name !== 'sequence') {
    throw new Refusal(`The table function ${name} is not on the list of harmless ones`);
  }
  cursor.within(() =>
    cursor.list(() => {
      if (cursor.isName() && cursor.isSign('=>', 1)) {
        cursor.name();
        cursor.needSign('=>');
      }
      readExpression(cursor);
    }),
  );
}

/** FOR TIMESTAMP AS OF …: rows as they were. */
function readPeriod(cursor: Cursor): void {
  if (!cursor.takeWords('TIMESTAMP')) {
    cursor.needWords('VERSION');
  }
  cursor.needWords('AS', 'OF');
  readExpression(cursor);
}
