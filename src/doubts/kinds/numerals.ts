import type { Doubt } from '../doubt.ts';
import { columnText, grouped, isText, type Look, type LookContext, tableText } from '../look.ts';
import { type Resolved, resolve, type Scope } from '../scope.ts';
import { argumentsOf, functionName, type Node, nodesAt, walk } from '../sql-tree.ts';

/** Finds numerals in a column of text that are ordered, or whose extremes are taken, as text. */
export const lookForNumeralsAsText: Look = async (context) => {
  const doubts: Doubt[] = [];
  for (const scope of context.scopes) {
    for (const { node, resolved } of orderedTexts(scope)) {
      const found = await numeralsOf(context, resolved);
      if (found === null) {
        continue;
      }
      const { numerals, others } = found;
      const asText = [...numerals].sort();
      const asNumbers = [...numerals].sort((a, b) => Number(a) - Number(b));
      if (asText.join('\0') === asNumbers.join('\0')) {
        continue;
      }
      const name = nameOf(resolved);
      const target = { dataType: context.dialect.numberType };
      const number: Node = { type: 'cast', keyword: 'cast', expr: node, symbol: 'as', target: [target] };
      const besides = others.length === 0 ? '' : ` It also holds what is no plain number: ${quoted(others)}.`;
      doubts.push({
        kind: 'text-as-number',
        sentence: `${name} holds numbers as text, and text is ordered letter by letter: '${asText.at(-1)}' comes after '${asNumbers.at(-1)}'.${besides}`,
        evidence: { column: name, lastAsText: asText.at(-1) ?? '', lastAsNumber: asNumbers.at(-1) ?? '' },
        mendedSql: others.length === 0 ? context.tree.write(new Map([[node, number]])) : null,
      });
    }
  }
  return doubts;
};

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

function orderedTexts(scope: Scope): readonly TextColumn[] {
  return [
    ...nodesAt(scope.select['orderby'], 'expr').flatMap((node) => textColumn(node, scope)),
    ...argumentsTo(scope, ['MIN', 'MAX']),
  ];
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
    2000,
  );
  return rows === null ? null : rows.map(([value]) => String(value));
}

/** The values of a column where most are numerals, and those that are none; null for other columns. */
async function numeralsOf(
  context: LookContext,
  resolved: Resolved,
): Promise<{ readonly numerals: readonly string[]; readonly others: readonly string[] } | null> {
  const values = (await valuesOf(context, resolved)) ?? [];
  const numerals = values.filter((value) => /^-?\d+(?:\.\d+)?$/u.test(value));
  const others = values.filter((value) => !numerals.includes(value));
  return numerals.length >= 2 &&
    others.length < numerals.length &&
    !numerals.every((value) => /^0\d/u.test(value))
    ? { numerals, others }
    : null;
}
