import type { Doubt } from '../doubt.ts';
import { columnText, grouped, isText, type Look, type LookContext, tableText } from '../look.ts';
import { isTextLiteral, literalText, predicatesOf } from '../predicates.ts';
import { type Resolved, resolve, type Scope } from '../scope.ts';
import {
  argumentsOf,
  functionName,
  isNode,
  type Node,
  nodeIn,
  nodesAt,
  nodesOf,
  textIn,
  walk,
} from '../sql-tree.ts';

/** So many different values of a column are read. */
const mostValues = 2000;
/** Words and signs that stand where there is no number. */
const placeholder = /^(?:|null|none|nil|n\/?a|nan|unknown|missing|tb[ad]|[-–—?.*]+)$/iu;

/** Finds numerals in a column of text that are ordered, compared, or whose extremes are taken, as text. */
export const lookForNumeralsAsText: Look = async (context) => {
  const doubts: Doubt[] = [];
  const seen = new Set<unknown>();
  for (const { resolved } of context.scopes.flatMap(orderedTexts)) {
    const found = seen.has(resolved.column) ? null : await numeralsOf(context, resolved);
    seen.add(resolved.column);
    if (found === null) {
      continue;
    }
    const { numerals, others, isWhole } = found;
    const asText = [...numerals].sort();
    const asNumbers = [...numerals].sort((a, b) => Number(a) - Number(b));
    if (asText.join('\0') === asNumbers.join('\0')) {
      continue;
    }
    const name = nameOf(resolved);
    const besides = others.length === 0 ? '' : ` It also holds what is no plain number: ${quoted(others)}.`;
    doubts.push({
      kind: 'text-as-number',
      sentence: `${name} holds numbers as text, and text is ordered letter by letter: '${asText.at(-1)}' comes after '${asNumbers.at(-1)}'.${besides}`,
      evidence: { column: name, lastAsText: asText.at(-1) ?? '', lastAsNumber: asNumbers.at(-1) ?? '' },
      mendedSql:
        isWhole && others.every((value) => placeholder.test(value.trim()))
          ? asNumbersEverywhere(context, resolved, others)
          : null,
    });
  }
  return doubts;
};

/** The statement with a column's numerals ordered and compared as numbers, and with none for its placeholders. */
function asNumbersEverywhere(
  { scopes, tree, dialect }: LookContext,
  { column }: Resolved,
  placeholders: readonly string[],
): string | null {
  const literals = placeholders.map(
    (value): Node => ({ type: 'single_quote_string', value: value.replaceAll("'", "''") }),
  );
  const replacements = new Map<Node, Node>();
  for (const scope of scopes) {
    for (const { node, resolved } of orderedTexts(scope)) {
      if (resolved.column === column) {
        const known = literals.reduce<Node>(
          (expr, literal) => ({
            type: 'function',
            name: { name: [{ type: 'default', value: 'NULLIF' }] },
            args: { type: 'expr_list', value: [expr, literal] },
          }),
          node,
        );
        const target = [{ dataType: dialect.numberType }];
        replacements.set(node, { type: 'cast', keyword: 'cast', expr: known, symbol: 'as', target });
      }
    }
    for (const { subject, resolved, literals: bounds, operator } of predicatesOf(scope)) {
      if (resolved.column === column && replacements.has(subject) && /^[<>B]/u.test(operator)) {
        for (const bound of bounds.filter(isTextLiteral)) {
          const value = Number(literalText(bound));
          if (Number.isFinite(value)) {
            replacements.set(bound, { type: 'number', value });
          }
        }
      }
    }
    // What has no number comes last, whatever the direction.
    const order = nodesOf(scope.select['orderby']);
    if (literals.length > 0 && order.some(({ expr }) => isNode(expr) && replacements.has(expr))) {
      const orderby = order.flatMap((entry) =>
        isNode(entry['expr']) && replacements.has(entry['expr'])
          ? [{ ...entry, expr: isOneOf(entry['expr'], literals), type: 'ASC' }, entry]
          : [entry],
      );
      replacements.set(scope.select, { ...scope.select, orderby });
    }
  }
  return tree.write(replacements);
}

/** 1 for a column's placeholders, 0 for all else. */
function isOneOf(column: Node, value: readonly Node[]): Node {
  // A copy: it stays as it is where the column itself is replaced.
  const left = { ...column };
  const cond: Node = { type: 'binary_expr', operator: 'IN', left, right: { type: 'expr_list', value } };
  const number = (one: number): Node => ({ type: 'number', value: one });
  return {
    type: 'case',
    expr: null,
    args: [
      { type: 'when', cond, result: number(1) },
      { type: 'else', result: number(0) },
    ],
  };
}

/** Finds sums and means over a column of text with values that the engine takes for another number, or for none. */
export const lookForMisreadNumerals: Look = async (context) => {
  const doubts: Doubt[] = [];
  for (const scope of context.scopes) {
    const means = argumentsTo(scope, ['AVG']).map(({ resolved }) => ({ resolved, isMean: true }));
    const sums = argumentsTo(scope, ['SUM', 'TOTAL']).map(({ resolved }) => ({ resolved, isMean: false }));
    for (const { resolved, isMean } of [...means, ...sums]) {
      const values = await valuesOf(context, resolved);
      // A blank adds nothing to a sum, and counts as a zero in a mean.
      const misread = (values ?? []).filter(
        (value) => !beginsAsNumber.test(value) && (isMean || value.trim() !== ''),
      );
      if (misread.length === 0) {
        continue;
      }
      const name = nameOf(resolved);
      doubts.push({
        kind: 'text-as-number',
        sentence: `${name} is text, and ${misread.length === 1 ? 'one of its values is no plain number and is' : `${grouped(misread.length)} of its values are no plain numbers and are`} read by the digits at the front: ${misread.slice(0, 3).map(readAs).join(', ')}.`,
        evidence: { column: name, misread: misread.slice(0, 5) },
        mendedSql: null,
      });
    }
  }
  return doubts;
};

/** A text whose number an engine that reads up to the first other letter gets right. */
const beginsAsNumber = /^\s*[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?(?![\d.,'’]|\s\d)/iu;

function readAs(value: string): string {
  const number = /^\s*[-+]?(?:\d+(?:\.\d*)?|\.\d+)/u.exec(value)?.[0].trim() ?? '0';
  return `'${value}' as ${number}`;
}

function quoted(values: readonly string[]): string {
  return values
    .slice(0, 3)
    .map((value) => `'${value}'`)
    .join(', ');
}

function nameOf({ table, column }: Resolved): string {
  return `${table.name}.${column.name}`;
}

interface TextColumn {
  readonly node: Node;
  readonly resolved: Resolved;
}

/** The columns of text by which a SELECT orders, or of which it takes an extreme. */
export function sortedTexts(scope: Scope): readonly TextColumn[] {
  return [
    ...nodesAt(scope.select['orderby'], 'expr').flatMap((node) => textColumn(node, scope)),
    ...argumentsTo(scope, ['MIN', 'MAX']),
  ];
}

/** The columns of text by which a SELECT orders, of which it takes an extreme, or that it compares by order. */
function orderedTexts(scope: Scope): readonly TextColumn[] {
  const parts = {
    where: scope.select['where'],
    having: scope.select['having'],
    columns: scope.select['columns'],
  };
  const compared = [...walk(parts, { intoSelects: false })]
    .filter((node) => /^(?:[<>]=?|(?:NOT )?BETWEEN)$/iu.test(textIn(node, 'operator') ?? ''))
    .flatMap((node) => [nodeIn(node, 'left'), nodeIn(node, 'right')])
    .flatMap((node) => (node === null ? [] : textColumn(node, scope)));
  return [...sortedTexts(scope), ...compared];
}

/** The columns of text that some aggregates of what is selected take. */
function argumentsTo(scope: Scope, names: readonly string[]): readonly TextColumn[] {
  return [...walk({ part: scope.select['columns'] }, { intoSelects: false })]
    .filter((node) => names.includes(functionName(node) ?? ''))
    .flatMap((node) => argumentsOf(node))
    .flatMap((node) => textColumn(node, scope));
}

function textColumn(node: Node, scope: Scope): readonly TextColumn[] {
  const resolved = node['type'] === 'column_ref' ? resolve(node, scope) : null;
  return resolved !== null && resolved.column.type !== '' && isText(resolved.column.type)
    ? [{ node, resolved }]
    : [];
}

/** The different values of a column that are not NULL; null where they can't be read. */
async function valuesOf(
  context: LookContext,
  { table, column }: Resolved,
): Promise<readonly string[] | null> {
  const name = columnText(context, column.name);
  const rows = await context.probe(
    `SELECT DISTINCT ${name} FROM ${tableText(context, table)} WHERE ${name} IS NOT NULL`,
    mostValues,
  );
  return rows === null ? null : rows.map(([value]) => String(value));
}

interface Numerals {
  readonly numerals: readonly string[];
  readonly others: readonly string[];
  /** All values of the column were read. */
  readonly isWhole: boolean;
}

/** The values of a column where most are numerals, and those that are none; null for other columns. */
async function numeralsOf(context: LookContext, resolved: Resolved): Promise<Numerals | null> {
  const values = (await valuesOf(context, resolved)) ?? [];
  const numerals = values.filter((value) => /^-?\d+(?:\.\d+)?$/u.test(value));
  const others = values.filter((value) => !numerals.includes(value));
  return numerals.length >= 2 &&
    others.length < numerals.length &&
    !numerals.every((value) => /^0\d/u.test(value))
    ? { numerals, others, isWhole: values.length < mostValues }
    : null;
}
