import { cutSection, longestPiece } from '../cut.ts';
import type { Piece } from '../document.ts';

/** What a statement begins with that shows how something is computed; what holds rows, such as INSERT, is left out. */
const shown =
  /^(?:\{[{%][\s\S]*?[%}]\}\s*)*(?:(?:select|with|create|replace|explain|from|comment|insert\s+(?:into|overwrite)\b[^;]{0,400}?\bselect)\b|\()/iu;

/** Cuts SQL at the semicolons that stand neither in a text nor in a comment nor in a body between dollars. */
const token =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)|;|[^-/'"`$;]+|[-/$]/gu;

/**
 * A file of SQL: each statement with the comments over it, under the first line of those or what it creates. A comment at the
 * top, with a line free after it, is of the whole file.
 */
export function readSql(text: string): { readonly title: string | null; readonly pieces: readonly Piece[] } {
  const pieces = statementsOf(text.replace(/\r\n?/gu, '\n')).flatMap(({ comments, sql }) => {
    if (sql !== '' && !shown.test(sql)) {
      return [];
    }
    if (sql === '') {
      return cutSection([], [comments.join('\n')]);
    }
    const heading = comments.find((line) => /[\p{L}\p{N}]/u.test(line)) ?? nameOf(sql);
    const code = sql.length > longestPiece * 3 ? `${sql.slice(0, longestPiece * 3)} …` : sql;
    return cutSection(heading === null ? [] : [heading.replace(/^name:\s*/iu, '').slice(0, 120)], [
      comments.slice(1).join('\n'),
      code,
    ]);
  });
  return { title: null, pieces };
}

interface Statement {
  /** Lines of comments before it, without their marks. */
  readonly comments: readonly string[];
  readonly sql: string;
}

function statementsOf(text: string): readonly Statement[] {
  const found: Statement[] = [];
  let comments: string[] = [];
  let sql = '';
  const end = (): void => {
    if (sql.trim() !== '' || comments.length > 0) {
      found.push({ comments, sql: sql.trim() });
    }
    comments = [];
    sql = '';
  };
  for (const [part] of text.matchAll(token)) {
    if (part === ';') {
      end();
    } else if (sql.trim() === '' && /^(?:--|\/\*)/u.test(part)) {
      comments.push(...commentLines(part));
    } else {
      // A line that is free parts a comment on the whole file from the first statement.
      if (sql.trim() === '' && comments.length > 0 && /^\s*\n\s*\n/u.test(part)) {
        end();
      }
      sql += part;
    }
  }
  end();
  return found;
}

function commentLines(comment: string): readonly string[] {
  return comment
    .replace(/^--+|^\/\*+|\*+\/$/gu, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\*?\s?/u, '').trim())
    .filter((line) => line !== '');
}

/** What a statement creates: `view active_customers`. */
function nameOf(sql: string): string | null {
  const [, kind, name] =
    /^create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+)?(materialized\s+view|view|table|function|procedure)\s+(?:if\s+not\s+exists\s+)?([\w."`[\]]+)/iu.exec(
      sql,
    ) ?? [];
  return kind === undefined || name === undefined ? null : `${kind.toLowerCase()} ${name}`;
}
