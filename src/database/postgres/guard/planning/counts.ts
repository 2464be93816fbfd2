import { asTree, listOf, namesOf, type Tree, textOf } from '../parser.ts';
import { literalSize } from './sizes.ts';
import { isNumberOfText } from './text-to-number.ts';

/** What a number may be that a statement puts together as a text. */
const numberOfText = 1e6;

/** Whether a statement makes rows of numbers that it writes, whose columns may have any name. */
export function makesRows(body: Tree): boolean {
  return /"(?:RangeFunction|JsonTable|RangeTableFunc)":|"recursive":true/.test(JSON.stringify(body));
}

/** How often the columns of subqueries are looked at: each may stand on one that another makes. */
const looks = 20;

/** The largest that a number of a statement may be. */
export interface Counts {
  boundOf(value: unknown): number;
}

/**
 * Estimates how large the numbers get that a statement computes from its literals, by the names under which its
 * subqueries hand them on. A column that no subquery makes is taken for `stored`.
 */
export function countsOf(body: Tree, stored: number): Counts {
  const targets: { readonly names: readonly string[]; readonly value: unknown }[] = [];
  const renamed: string[] = [];
  collect(body, targets, renamed);
  const known = new Map<string, number>();
  const boundOf = (value: unknown): number => Math.min(bound(value, known, stored), Number.MAX_VALUE);
  for (let look = 0; look < looks; look++) {
    let grew = false;
    const learn = (name: string, most: number): void => {
      grew ||= most > (known.get(name) ?? 0);
      known.set(name, Math.max(most, known.get(name) ?? 0));
    };
    const bounds = targets.map(({ value }) => boundOf(value));
    targets.forEach(({ names }, index) => {
      for (const name of names) {
        learn(name, bounds[index] ?? stored);
      }
    });
    // A list of columns after an alias may give any of them any name.
    const largest = bounds.reduce((most, each) => Math.max(most, each), stored);
    for (const name of renamed) {
      learn(name, largest);
    }
    if (!grew) {
      break;
    }
  }
  return { boundOf };
}

function collect(
  value: unknown,
  targets: { readonly names: readonly string[]; readonly value: unknown }[],
  renamed: string[],
): void {
  const tree = asTree(value);
  if (tree === null) {
    for (const item of listOf(value)) {
      collect(item, targets, renamed);
    }
    return;
  }
  const target = asTree(tree['ResTarget']);
  if (target !== null) {
    const name = textOf(target['name']) ?? impliedName(target['val']);
    targets.push({ names: [name], value: target['val'] });
  }
  for (const rows of listOf(tree['valuesLists'])) {
    listOf(asTree(asTree(rows)?.['List'])?.['items']).forEach((item, index) => {
      targets.push({ names: [`column${index + 1}`], value: item });
    });
  }
  const cte = asTree(tree['CommonTableExpr']);
  const subquery = asTree(tree['RangeSubselect']);
  for (const [query, names] of [
    [cte?.['ctequery'], cte?.['aliascolnames']],
    [subquery?.['subquery'], asTree(subquery?.['alias'])?.['colnames']],
    // What else has a list of columns after an alias: any may have any name.
    [null, tree['RangeSubselect'] === undefined ? asTree(tree['alias'])?.['colnames'] : null],
  ]) {
    textsOf(names).forEach((name, index) => {
      const values = columnsOf(query)?.get(index);
      if (values === undefined) {
        renamed.push(name);
      } else {
        for (const each of values) {
          targets.push({ names: [name], value: each });
        }
      }
    });
  }
  for (const item of Object.values(tree)) {
    collect(item, targets, renamed);
  }
}

/** What each column of a query may be, those of its set operations together; null where `*` hides their places. */
function columnsOf(query: unknown): ReadonlyMap<number, readonly unknown[]> | null {
  const select = asTree(asTree(query)?.['SelectStmt']) ?? asTree(query);
  if (select === null) {
    return null;
  }
  const columns = new Map<number, unknown[]>();
  const add = (index: number, ...values: unknown[]): void =>
    void columns.set(index, [...(columns.get(index) ?? []), ...values]);
  if (select['larg'] !== undefined) {
    for (const side of [columnsOf(select['larg']), columnsOf(select['rarg'])]) {
      if (side === null) {
        return null;
      }
      for (const [index, values] of side) {
        add(index, ...values);
      }
    }
    return columns;
  }
  for (const row of listOf(select['valuesLists'])) {
    listOf(asTree(asTree(row)?.['List'])?.['items']).forEach((item, index) => {
      add(index, item);
    });
  }
  for (const [index, item] of listOf(select['targetList']).entries()) {
    const value = asTree(asTree(item)?.['ResTarget'])?.['val'];
    if (JSON.stringify(value ?? null).includes('A_Star')) {
      return null;
    }
    add(index, value);
  }
  return columns;
}

function textsOf(names: unknown): readonly string[] {
  return listOf(names).flatMap((name) => textOf(asTree(asTree(name)?.['String'])?.['sval']) ?? []);
}

/** The name that the server gives to a column without one. */
function impliedName(value: unknown): string {
  const tree = asTree(value);
  const named = asTree(tree?.['ColumnRef'])?.['fields'] ?? asTree(tree?.['FuncCall'])?.['funcname'];
  const cast = asTree(tree?.['TypeCast']);
  if (cast !== null) {
    const inner = impliedName(cast['arg']);
    return inner === '?column?' ? (namesOf(asTree(cast['typeName'])?.['names'])?.at(-1) ?? inner) : inner;
  }
  return namesOf(named)?.at(-1) ?? '?column?';
}

/** What they give is no number, however large those are that they are given. */
const textMakers = /^(?:repeat|lpad|rpad|format|concat|concat_ws|to_char|array_fill)$/;

function bound(value: unknown, known: ReadonlyMap<string, number>, stored: number): number {
  const [entry] = Object.entries(asTree(value) ?? {});
  const node = asTree(entry?.[1]);
  if (entry === undefined || node === null) {
    return stored;
  }
  const of = (inner: unknown): number => bound(inner, known, stored);
  switch (entry[0]) {
    case 'A_Const':
      return Math.abs(literalSize(node).value ?? 0);
    case 'TypeCast':
      return isNumberOfText(node) ? numberOfText : of(node['arg']);
    case 'ColumnRef':
      return known.get(namesOf(node['fields'])?.at(-1) ?? '') ?? stored;
    case 'A_Expr':
      return operation(namesOf(node['name'])?.at(-1), of(node['lexpr']), of(node['rexpr']), stored);
    case 'FuncCall': {
      const [first, second, ...rest] = listOf(node['args']).map(of);
      if (textMakers.test(namesOf(node['funcname'])?.at(-1) ?? '')) {
        return stored;
      }
      if (/^(?:pow|power|dpow|numeric_power)$/.test(namesOf(node['funcname'])?.at(-1) ?? '')) {
        return (first ?? stored) ** (second ?? stored);
      }
      return Math.max(stored, ...[first, second, ...rest].filter((each) => each !== undefined));
    }
    case 'SubLink':
      return of(node['subselect']);
    case 'SelectStmt':
      return Math.max(
        stored,
        ...listOf(node['targetList']).map((item) => of(asTree(asTree(item)?.['ResTarget'])?.['val'])),
      );
    case 'CaseExpr':
      return Math.max(
        of(node['defresult']),
        ...listOf(node['args']).map((item) => of(asTree(asTree(item)?.['CaseWhen'])?.['result'])),
      );
    case 'A_ArrayExpr':
      return listOf(node['elements']).reduce<number>((most, item) => Math.max(most, of(item)), stored);
    default:
      return listOf(node['args']).reduce<number>((most, item) => Math.max(most, of(item)), stored);
  }
}

function operation(name: string | undefined, left: number, right: number, stored: number): number {
  switch (name) {
    case '*':
      return left * right;
    case '^':
      return left ** right;
    case '+':
    case '-':
    case '|':
    case '#':
      return left + right;
    case '<<':
      return left * 2 ** Math.min(right, 64);
    case '/':
      // A share of something, where what it is a share of is not known to be small.
      return left / Math.min(right || 1, stored);
    case '||':
      return stored;
    default:
      return Math.max(left, right);
  }
}
