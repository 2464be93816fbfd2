import { asTree, listOf, namesOf, type Tree, textOf } from '../parser.ts';

/** Functions that make an `e` of something else. */
const letterMakers =
  /^(?:chr|encode|decode|convert_from|md5|sha\d+|to_hex|to_char|left|right|substr|substring|reverse|translate|overlay)$/;

/**
 * Whether a text that a statement makes and turns into a number may be of the kind `1e100000`, whose digits no literal
 * shows. What stands in a column nobody who reads can choose; a literal as a whole is sized as the number that it is.
 */
export function mayHoldExponent(text: unknown): boolean {
  return asTree(asTree(text)?.['A_Const']) === null && makesExponent(text, false);
}

/** `isPart`: what it gives becomes a part of the text, with whatever letters it has. */
function makesExponent(value: unknown, isPart: boolean): boolean {
  const [entry] = Object.entries(asTree(value) ?? {});
  const node = asTree(entry?.[1]);
  if (entry === undefined || node === null) {
    return false;
  }
  switch (entry[0]) {
    case 'A_Const': {
      const literal = textOf(asTree(node['sval'])?.['sval']) ?? '';
      // `EUR`, which is cut away, is none.
      return isPart ? /e/i.test(literal) : /(?:^|\d)e[-+]?(?:\d|$)/i.test(literal);
    }
    case 'A_Expr': {
      const joins = namesOf(node['name'])?.at(-1) === '||';
      return makesExponent(node['lexpr'], joins) || makesExponent(node['rexpr'], joins);
    }
    case 'FuncCall': {
      const name = namesOf(node['funcname'])?.at(-1) ?? '';
      const written = listOf(node['args']);
      const ofLiteral = letterMakers.test(name) && (name === 'chr' || holdsLiteralAlone(written[0]));
      const joins = /^(?:concat|concat_ws|format|textcat|string_agg|array_to_string)$/.test(name);
      return (
        ofLiteral || written.some((each, index) => makesExponent(each, joins || (isPart && index === 0)))
      );
    }
    default:
      return Object.values(node).some((inner) =>
        Array.isArray(inner)
          ? inner.some((item) => makesExponent(item, isPart))
          : makesExponent(inner, isPart),
      );
  }
}

/**
 * Whether a cast makes a number of a text that a statement puts together, or takes out of a document that it writes:
 * any number may come of it.
 */
export function isNumberOfText(cast: Tree): boolean {
  const type = namesOf(asTree(cast['typeName'])?.['names'])?.at(-1) ?? '';
  const text = JSON.stringify(cast['arg'] ?? null);
  if (!/^(?:int2|int4|int8|numeric|float4|float8)$/.test(type) || text.startsWith('{"A_Const"')) {
    return false;
  }
  const joins =
    /"sval":"(?:\|\||concat|concat_ws|textcat|format|lpad|rpad|repeat|overlay|string_agg|array_to_string|chr)"/;
  return joins.test(text) || (/"sval":\{"sval":"[^,]*\d/.test(text) && holdsLiteralAlone(cast['arg']));
}

/** Whether no column is in it. */
function holdsLiteralAlone(value: unknown): boolean {
  return !JSON.stringify(value ?? null).includes('"ColumnRef"');
}
