import { type Cursor, Refusal } from './cursor.ts';
import { readExpression } from './expression.ts';
import { readRelation } from './relation.ts';
import { readSortItem, readWindow } from './window.ts';
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
export function takeAlias(cursor: Cursor): boolean {
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
