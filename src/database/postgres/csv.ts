import { asTree, type Statement, textOf, type Unparsed } from './guard/parser.ts';

/**
 * COPY around a SELECT that was admitted. The text is built and then read again by the server's own parser: it has to
 * be one COPY of one SELECT to the client and nothing else.
 */
export function asCopy(selection: string, parse: (sql: string) => Statement | Unparsed): string {
  // The line ends before the parenthesis, or a comment at the end of the statement would hide it.
  const copy = `COPY (\n${selection}\n) TO STDOUT (FORMAT csv)`;
  const parsed = parse(copy);
  const sound =
    !('problem' in parsed) &&
    parsed.tag === 'CopyStmt' &&
    asTree(asTree(parsed.body['query'])?.['SelectStmt']) !== null &&
    textOf(parsed.body['filename']) === null &&
    parsed.body['is_program'] !== true &&
    parsed.body['is_from'] !== true;
  if (!sound) {
    throw new Error('the statement does not fit into COPY');
  }
  return copy;
}
