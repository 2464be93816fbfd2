import {
  describingPragmas,
  harmlessFunctions,
  harmlessModules,
  harmlessTables,
  listingPragmas,
  tellingPragmas,
  wordsBeforeParenthesis,
} from './functions.ts';
import type { Token } from './lex.ts';
import {
  closingParenthesis,
  fold,
  isIdentifier,
  isSign,
  keyword,
  MissingFunction,
  Refusal,
  upper,
} from './token.ts';

/** What the guard must know of the database, names in lower case. */
export interface Catalog {
  /** Virtual tables of the file and their modules. */
  readonly virtualTables: ReadonlyMap<string, string>;
  /** Functions that the library has, harmless or not. */
  readonly functions: ReadonlySet<string>;
  /** Modules of virtual tables that the library has; `SELECT … FROM module` needs no table of that name. */
  readonly modules: ReadonlySet<string>;
}

/** Tables of SQLite's own that hold definitions, counters and statistics. */
const ownTables = /^sqlite_((temp_)?(schema|master)|sequence|stat[134])$/;

/** Calls and tables anywhere in the text, in subqueries and triggers too, must be on the lists. */
export function refuseUnsafeNames(tokens: readonly Token[], catalog: Catalog): void {
  const placesOfTables = tablePlaces(tokens);
  tokens.forEach((token, at) => {
    const name = fold(token.text);
    const before = tokens[at - 1];
    const isTable = placesOfTables[at] === true;
    if (isSign(token, '(') && isSign(before, ')')) {
      throw new Refusal('A call of what stands in parentheses');
    }
    const canName = isIdentifier(token) || (token.kind === 'text' && isTable);
    if (!canName) {
      return;
    }
    const isHarmful = catalog.functions.has(name) && !harmlessFunctions.has(name);
    const isCall = isSign(tokens[at + 1], '(') && !isDefinition(tokens, at, isHarmful);
    if (name.startsWith('pragma_')) {
      refuseUnsafePragmaTable(name, isCall);
    } else if (isCall) {
      refuseUnsafeCall(token, name, catalog);
    } else if (name.startsWith('sqlite_') && isTable && !ownTables.test(name)) {
      throw new Refusal(`${token.text} is not on the list of harmless tables`);
    } else if (
      catalog.modules.has(name) &&
      !harmlessTables.has(name) &&
      !catalog.virtualTables.has(name) &&
      isTable
    ) {
      throw new Refusal(`The built-in table ${token.text} is not on the list of harmless ones`);
    }
    const module = catalog.virtualTables.get(name);
    if (module !== undefined && !harmlessModules.has(module) && !isSign(before, '.')) {
      throw new Refusal(
        `The table ${token.text} runs the module ${module}, which is not on the list of harmless ones`,
      );
    }
  });
}

function refuseUnsafePragmaTable(name: string, isCall: boolean): void {
  const pragma = name.slice('pragma_'.length);
  if (describingPragmas.has(pragma) || listingPragmas.has(pragma)) {
    return;
  }
  if (!isCall && tellingPragmas.has(pragma)) {
    return;
  }
  throw new Refusal(`${name} is not on the list of harmless tables`);
}

function refuseUnsafeCall(token: Token, name: string, catalog: Catalog): void {
  if (harmlessFunctions.has(name) || harmlessTables.has(name)) {
    return;
  }
  if (token.kind === 'word' && wordsBeforeParenthesis.has(name)) {
    return;
  }
  if (catalog.virtualTables.has(name) && !catalog.functions.has(name)) {
    return;
  }
  throw catalog.functions.has(name)
    ? new Refusal(`The function ${token.text} is not on the list of harmless ones`)
    : new MissingFunction(token.text);
}

const wordsBeforeTable = ['FROM', 'JOIN', 'IN', 'INTO', 'UPDATE', 'TABLE', 'EXISTS'];

/** For each token whether a name, or a text '…' as SQLite lets it, may stand for a table there. */
export function tablePlaces(tokens: readonly Token[]): readonly boolean[] {
  const inTables = listsOfTables(tokens);
  return tokens.map((_, at) => namesTable(tokens, at, inTables));
}

function namesTable(tokens: readonly Token[], at: number, inTables: readonly boolean[]): boolean {
  const before = tokens[at - 1];
  if (wordsBeforeTable.includes(keyword(before))) {
    return true;
  }
  if (isSign(before, '.')) {
    return /^(main|temp|sqlq_slot_\d)$/.test(fold(tokens[at - 2]?.text ?? ''));
  }
  return (isSign(before, ',') || isSign(before, '(')) && inTables[at] === true;
}

/** Reserved words that end a list of tables. A comma behind ON goes on with it. */
const otherLists = ['SELECT', 'WHERE', 'HAVING', 'VALUES', 'LIMIT', 'SET'];

/** For each token whether it is in a list of tables; what can't be told is. */
function listsOfTables(tokens: readonly Token[]): readonly boolean[] {
  const open = [true];
  return tokens.map((token, at) => {
    const before = tokens[at - 1];
    const word = keyword(token);
    const isList = open.at(-1) ?? true;
    if (isSign(token, '(')) {
      const goesOn = isSign(before, ',') || isSign(before, '(') || /^(FROM|JOIN)$/.test(keyword(before));
      open.push(isList && goesOn);
    } else if (isSign(token, ')')) {
      open.pop();
    } else if (word === 'FROM' || word === 'JOIN') {
      open[open.length - 1] = true;
    } else if (otherLists.includes(word) || (word === 'BY' && /^(ORDER|GROUP)$/.test(keyword(before)))) {
      open[open.length - 1] = false;
    }
    return isList;
  });
}

/** `name (…)` that defines or lists columns: a common table, INSERT INTO name (…), CREATE TABLE name (…), REFERENCES name (…). */
function isDefinition(tokens: readonly Token[], at: number, isHarmful: boolean): boolean {
  const end = closingParenthesis(tokens, at + 1);
  if (!isHarmful && isType(tokens, at, end)) {
    return true;
  }
  const [as, not, materialized] = [1, 2, 3].map((offset) => tokens[end + offset]);
  if (keyword(as) === 'AS' && /^(WITH|RECURSIVE|,)$/.test(upper(tokens[at - 1]))) {
    if (isSign(not, '(') || keyword(not) === 'MATERIALIZED') {
      return true;
    }
    if (keyword(not) === 'NOT' && keyword(materialized) === 'MATERIALIZED') {
      return true;
    }
  }
  let first = at;
  while (isSign(tokens[first - 1], '.')) {
    first -= 2;
  }
  const before = keyword(tokens[first - 1]);
  if (before === 'INTO' || before === 'REFERENCES') {
    return true;
  }
  const start = keyword(tokens[0]);
  if (start !== 'CREATE') {
    return false;
  }
  if (before === 'TABLE' || before === 'VIEW' || before === 'EXISTS') {
    return true;
  }
  // RAISE (ABORT, '…'), which only triggers know.
  if (keyword(tokens[at]) === 'RAISE') {
    return true;
  }
  // The module of a virtual table, which has been looked at.
  if (before === 'USING' && keyword(tokens[1]) === 'VIRTUAL') {
    return true;
  }
  return before === 'ON' && tokens.slice(1, 4).some((token) => keyword(token) === 'INDEX');
}

/** `name (10, 2)` behind AS, as in a CAST, or anywhere in a definition. */
function isType(tokens: readonly Token[], at: number, end: number): boolean {
  const inner = tokens.slice(at + 2, end);
  if (!inner.every(({ kind, text }) => kind === 'number' || (kind === 'sign' && /^[,+-]$/.test(text)))) {
    return false;
  }
  if (inner.length === 0) {
    return false;
  }
  if (keyword(tokens[0]) === 'CREATE' || keyword(tokens[0]) === 'ALTER') {
    return true;
  }
  let first = at;
  while (isIdentifier(tokens[first - 1]) && keyword(tokens[first - 1]) !== 'AS') {
    first--;
  }
  return keyword(tokens[first - 1]) === 'AS';
}
