import { type Cursor, Refusal } from './cursor.ts';
import { readExpression, readSortItem, readWindow } from './expression.ts';
import { beginsQuery } from './lookahead.ts';
import { beginsClause } from './words.ts';

/** `[WITH …] SELECT …`, as Trino's rule `query`. */
export function readQuery(cursor: Cursor): void {
  cursor.deeper(() =>
    cursor.scope((declare) => {
      if (cursor.takeWords('WITH')) {
        readWith(cursor, declare);
      }
      readQueryNoWith(cursor);
    }),
  );
}

function readWith(cursor: Cursor, declare: (name: string) => void): void {
  if ((cursor.isWord('FUNCTION') || cursor.isWord('SESSION')) && cursor.isName(1)) {
    throw new Refusal(
      cursor.isWord('FUNCTION')
        ? 'WITH FUNCTION brings in code'
        : 'WITH SESSION changes the session, and with it its protection',
    );
  }
  const isRecursive = cursor.isWord('RECURSIVE');
  cursor.takeWords('RECURSIVE');
  cursor.list(() => {
    const name = cursor.name();
    if (cursor.isSign('(')) {
      readNames(cursor);
    }
    cursor.needWords('AS');
    if (isRecursive) {
      declare(name);
    }
    cursor.within(() => readQuery(cursor));
    // Within a query that is not recursive its own name means a table.
    declare(name);
  });
}

/** `(a, b)`: names of columns, which read nothing. */
export function readNames(cursor: Cursor): void {
  cursor.within(() => cursor.list(() => cursor.name()));
}

function readQueryNoWith(cursor: Cursor): void {
  readTerm(cursor);
  if (cursor.takeWords('ORDER', 'BY')) {
    cursor.list(() => readSortItem(cursor));
  }
  if (cursor.takeWords('OFFSET')) {
    cursor.need('integer');
    if (!cursor.takeWords('ROWS')) {
      cursor.takeWords('ROW');
    }
  }
  if (cursor.takeWords('LIMIT')) {
    if (!cursor.takeWords('ALL')) {
      cursor.need('integer');
    }
  } else if (cursor.takeWords('FETCH')) {
    readFetch(cursor);
  }
}

function readFetch(cursor: Cursor): void {
  if (!cursor.takeWords('FIRST')) {
    cursor.needWords('NEXT');
  }
  if (cursor.peek().kind === 'integer') {
    cursor.next();
  }
  if (!cursor.takeWords('ROWS')) {
    cursor.needWords('ROW');
  }
  if (!cursor.takeWords('ONLY')) {
    cursor.needWords('WITH', 'TIES');
  }
}

const setOperators: ReadonlySet<string> = new Set(['UNION', 'INTERSECT', 'EXCEPT']);

function readTerm(cursor: Cursor): void {
  readPrimary(cursor);
  while (cursor.isOneOf(setOperators)) {
    cursor.next();
    takeQuantifier(cursor);
    readPrimary(cursor);
  }
}

function readPrimary(cursor: Cursor): void {
  if (cursor.takeWords('SELECT')) {
    readSelect(cursor);
  } else if (cursor.takeWords('VALUES')) {
    cursor.list(() => readExpression(cursor));
  } else if (cursor.takeWords('TABLE')) {
    cursor.findings.takesAll = true;
    cursor.noteTable(cursor.qualifiedName(), false);
  } else {
    cursor.deeper(() => cursor.within(() => readQueryNoWith(cursor)));
  }
}

export function takeQuantifier(cursor: Cursor): void {
  if (!cursor.takeWords('DISTINCT')) {
    cursor.takeWords('ALL');
  }
}

function readSelect(cursor: Cursor): void {
  takeQuantifier(cursor);
  cursor.list(() => readSelectItem(cursor));
  if (cursor.takeWords('FROM')) {
    cursor.list(() => readRelation(cursor));
  }
  if (cursor.takeWords('WHERE')) {
    readExpression(cursor);
  }
  if (cursor.takeWords('GROUP', 'BY')) {
    takeQuantifier(cursor);
    cursor.list(() => readGrouping(cursor));
  }
  if (cursor.takeWords('HAVING')) {
    readExpression(cursor);
  }
  if (cursor.takeWords('WINDOW')) {
    cursor.list(() => {
      cursor.name();
      cursor.needWords('AS');
      readWindow(cursor);
    });
  }
}

function readSelectItem(cursor: Cursor): void {
  if (cursor.takeSign('*')) {
    cursor.findings.takesAll = true;
    return;
  }
  readExpression(cursor);
  if (cursor.takeSign('.')) {
    cursor.needSign('*');
    cursor.findings.takesAll = true;
    if (cursor.takeWords('AS')) {
      readNames(cursor);
    }
    return;
  }
  takeAlias(cursor);
}

/** `AS name`, or a name alone that begins nothing; says whether there was one. */
function takeAlias(cursor: Cursor): boolean {
  if (cursor.takeWords('AS')) {
    cursor.name();
    return true;
  }
  if (cursor.isName() && !cursor.isOneOf(beginsClause)) {
    cursor.name();
    return true;
  }
  return false;
}

function readGrouping(cursor: Cursor): void {
  const readSet = (): void => {
    if (cursor.isSign('(') && cursor.isSign(')', 1)) {
      cursor.within(() => {});
    } else {
      readExpression(cursor);
    }
  };
  if (cursor.takeWords('ROLLUP') || cursor.takeWords('CUBE') || cursor.takeWords('GROUPING', 'SETS')) {
    cursor.within(() => cursor.list(readSet));
  } else {
    readSet();
  }
}

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
