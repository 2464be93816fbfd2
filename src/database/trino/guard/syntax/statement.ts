import { Cursor, Refusal } from './cursor.ts';
import { noFindings, type Reading } from './findings.ts';
import type { Token } from './lex.ts';
import { beginsQuery } from './lookahead.ts';
import { readQuery } from './query.ts';

/** A statement that reads, as Trino's rule `singleStatement`. Throws a Refusal or a NoStatement for all else. */
export function readStatement(tokens: readonly Token[]): Reading {
  const findings = noFindings();
  const cursor = new Cursor(tokens, findings);
  const form = readForm(cursor);
  if (cursor.peek().kind !== 'end') {
    throw cursor.unexpected();
  }
  return { form, findings };
}

/** A query alone, as the definition of a view holds one. */
export function readDefinition(tokens: readonly Token[]): Reading {
  const reading = readStatement(tokens);
  if (reading.form !== 'query') {
    throw new Refusal('It is no query');
  }
  return reading;
}

function readForm(cursor: Cursor): Reading['form'] {
  if (beginsQuery(cursor, 0)) {
    readQuery(cursor);
    return 'query';
  }
  if (cursor.takeWords('EXPLAIN')) {
    readExplain(cursor);
    return 'explain';
  }
  if (cursor.takeWords('SHOW')) {
    readShow(cursor);
    return 'show';
  }
  if (cursor.takeWords('DESCRIBE') || cursor.takeWords('DESC')) {
    if ((cursor.isWord('INPUT') || cursor.isWord('OUTPUT')) && cursor.isName(1)) {
      throw new Refusal('DESCRIBE of a prepared statement tells of one that nobody sees');
    }
    readWholeTable(cursor);
    return 'show';
  }
  throw cursor.unexpected();
}

const explainOptions: Readonly<Record<string, ReadonlySet<string>>> = {
  FORMAT: new Set(['TEXT', 'GRAPHVIZ', 'JSON']),
  TYPE: new Set(['LOGICAL', 'DISTRIBUTED', 'VALIDATE', 'IO']),
};

function readExplain(cursor: Cursor): void {
  if (cursor.isWord('ANALYZE')) {
    throw new Refusal('EXPLAIN ANALYZE runs the statement');
  }
  if (cursor.isSign('(') && cursor.peek(1).kind === 'word' && cursor.peek(1).text in explainOptions) {
    cursor.within(() =>
      cursor.list(() => {
        const values = explainOptions[cursor.next().text];
        if (values === undefined || !cursor.isOneOf(values)) {
          throw cursor.unexpected();
        }
        cursor.next();
      }),
    );
  }
  if (!beginsQuery(cursor, 0)) {
    const { text } = cursor.peek();
    throw new Refusal(`EXPLAIN is only for statements that read, not for ${text || 'this'}`);
  }
  readQuery(cursor);
}

/** A table of which all columns are told. */
function readWholeTable(cursor: Cursor): void {
  cursor.findings.takesAll = true;
  cursor.noteTable(cursor.qualifiedName(), false);
}

function readShow(cursor: Cursor): void {
  if (cursor.takeWords('COLUMNS')) {
    if (!cursor.takeWords('FROM')) {
      cursor.needWords('IN');
    }
    readWholeTable(cursor);
    readLike(cursor);
  } else if (cursor.takeWords('STATS', 'FOR')) {
    if (cursor.isSign('(')) {
      throw new Refusal('SHOW STATS is for a table here, not for a query');
    }
    readWholeTable(cursor);
  } else if (['TABLE', 'VIEW'].some((what) => cursor.takeWords('CREATE', what))) {
    readWholeTable(cursor);
  } else if (cursor.takeWords('CREATE', 'MATERIALIZED', 'VIEW')) {
    readWholeTable(cursor);
  } else if (['TABLES', 'SCHEMAS', 'CATALOGS', 'FUNCTIONS'].some((what) => cursor.takeWords(what))) {
    if (cursor.takeWords('FROM') || cursor.takeWords('IN')) {
      cursor.qualifiedName();
    }
    readLike(cursor);
  } else {
    throw new Refusal(`SHOW ${cursor.peek().text} is not on the list of what may be shown`);
  }
}

function readLike(cursor: Cursor): void {
  if (cursor.takeWords('LIKE')) {
    cursor.need('text');
    if (cursor.takeWords('ESCAPE')) {
      cursor.need('text');
    }
  }
}
