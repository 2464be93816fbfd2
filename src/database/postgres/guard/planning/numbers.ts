import { asTree, listOf, namesOf, type Tree } from '../parser.ts';
import { type Counts, countsOf, makesRows } from './counts.ts';
import { levelsOf } from './levels.ts';
import { firstText, float, largest, largestOf, literalSize, type Size, sized } from './sizes.ts';
import { mayHoldExponent } from './text-to-number.ts';

/**
 * What the server computes in one go it can't be stopped in: an operation on numbers of a hundred thousand digits takes
 * it a second, and a text of a gigabyte four. How long the numbers and texts of a statement may get is estimated from
 * its literals, through its subqueries, and what would take long is refused.
 */

/** Pairs of digits that may be multiplied for one row: about half a second. */
const workLimit = 4e9;
/** How many characters of text a statement may make for one row: about a tenth of a second. */
const textLimit = 20_000_000;
/** A column of a table, which nobody who only reads can fill. */
const stored = sized(40, 3);

/** How many times a column of a table says that something is repeated. */
const storedCount = 1_000;

/** What is known of the subqueries around an expression. */
interface Known {
  readonly column: Size;
  /** The largest number that the statement writes, or computes of what it writes. */
  readonly largest: number;
  readonly counts: Counts;
  /** It makes rows of numbers that it writes, as `generate_series` does. */
  readonly makesRows: boolean;
}

/** Why computing what a statement holds may not end; null where it will. */
export function numberProblem(body: Tree): string | null {
  const levels = levelsOf(body) - 1;
  const counts = countsOf(body, storedCount);
  let known: Known = { column: stored, largest: storedCount, counts, makesRows: makesRows(body) };
  for (let level = 0; ; level++) {
    const work = new Work(known);
    work.visit(body);
    if (work.textMade > textLimit) {
      return `it makes texts of more than ${textLimit} characters`;
    }
    if (work.pairs > workLimit) {
      return 'it computes with numbers of so many digits that it may not end';
    }
    const column = largestOf([known.column, work.largestColumn]);
    const largest = Math.max(known.largest, work.largest);
    const isSame =
      column.digits === known.column.digits &&
      column.magnitude === known.column.magnitude &&
      largest === known.largest;
    if (level >= levels || isSame) {
      return null;
    }
    known = { ...known, column, largest };
  }
}

/** Adds up what one look at a statement finds. */
class Work {
  pairs = 0;
  largest = 0;
  textMade = 0;
  largestColumn: Size = sized(1, 1);
  private readonly known: Known;

  constructor(known: Known) {
    this.known = known;
  }

  /** Sizes every expression, the outermost first, so that none is counted twice. */
  visit(value: unknown): void {
    const tree = asTree(value);
    if (tree === null) {
      for (const item of listOf(value)) {
        this.visit(item);
      }
      return;
    }
    if (['A_Expr', 'FuncCall', 'A_Const', 'TypeCast'].some((name) => tree[name] !== undefined)) {
      this.sizeOf(tree);
    } else {
      for (const item of Object.values(tree)) {
        this.visit(item);
      }
    }
  }

  private sizeOf(value: unknown): Size {
    const size = this.compute(value);
    this.largestColumn = largestOf([this.largestColumn, size]);
    if (size.value !== null) {
      this.largest = Math.max(this.largest, Math.abs(size.value));
    }
    return size;
  }

  private compute(value: unknown): Size {
    const [entry] = Object.entries(asTree(value) ?? {});
    const node = asTree(entry?.[1]);
    if (entry === undefined || node === null) {
      return this.known.column;
    }
    switch (entry[0]) {
      case 'A_Const':
        return literalSize(node);
      case 'TypeCast':
        return this.cast(node);
      case 'A_Expr':
        return this.operation(node);
      case 'FuncCall':
        return this.call(node);
      default: {
        const inner = new Work(this.known);
        inner.visit(Object.values(node));
        this.pairs += inner.pairs;
        this.largest = Math.max(this.largest, inner.largest);
        this.textMade += inner.textMade;
        return largestOf([this.known.column, inner.largestColumn]);
      }
    }
  }

  private cast(node: Tree): Size {
    const size = this.sizeOf(node['arg']);
    switch (namesOf(asTree(node['typeName'])?.['names'])?.at(-1)) {
      case 'float4':
      case 'float8':
        return float(size.value);
      case 'numeric':
        return mayHoldExponent(node['arg']) ? largest : size;
      default:
        return size;
    }
  }

  private operation(node: Tree): Size {
    const [left, right] = [this.sizeOf(node['lexpr']), this.sizeOf(node['rexpr'])];
    const isKnown = left.value !== null && right.value !== null;
    const [a, b] = [left.value ?? 0, right.value ?? 0];
    const name = namesOf(node['name'])?.at(-1);
    if ((left.isFloat === true || right.isFloat === true) && /^[-+*/%^]$/.test(name ?? '')) {
      return float(null);
    }
    const longer = Math.max(left.digits, right.digits);
    switch (name) {
      case '*':
        this.spend(left.digits, right.digits);
        return sized(left.digits + right.digits, left.magnitude + right.magnitude, isKnown ? a * b : null);
      case '/':
      case '%':
        this.spend(left.digits + 20, right.digits + 20);
        return sized(longer + 20, left.magnitude, isKnown ? a / b : null);
      case '^':
        return this.power(left, right, node['rexpr']);
      case '+':
      case '-':
        return sized(
          longer + 1,
          Math.max(left.magnitude, right.magnitude) + 1,
          isKnown ? Math.abs(a) + Math.abs(b) : null,
        );
      case '||':
        return sized(left.digits + right.digits, left.magnitude + right.magnitude);
      default:
        return largestOf([left, right]);
    }
  }

  /** An exponent that nobody sees may be as large as what the statement computes of its numbers and columns. */
  private power(base: Size, exponent: Size, written: unknown): Size {
    const times = Math.min(this.boundOf(exponent, written), 1e9);
    const each = base.value === null ? base.magnitude : Math.abs(Math.log10(Math.abs(base.value) || 1));
    const isKnown = base.value !== null && exponent.value !== null;
    // What stands behind the point is hardly more than the base has there.
    const result = sized(
      base.digits + each * times,
      each * times,
      isKnown ? (base.value ?? 0) ** (exponent.value ?? 0) : null,
    );
    this.spend(result.digits, result.digits);
    return result;
  }

  private call(node: Tree): Size {
    const written = listOf(node['args']);
    const sizes = written.map((argument) => this.sizeOf(argument));
    for (const field of ['agg_order', 'agg_filter', 'over']) {
      this.visit(node[field]);
    }
    const [first, second] = sizes;
    const most = largestOf(sizes);
    const isFloat = sizes.some((size) => size.isFloat === true);
    switch (namesOf(node['funcname'])?.at(-1)) {
      case 'pow':
      case 'power':
      case 'numeric_power':
        if (first === undefined || second === undefined) {
          return most;
        }
        return isFloat ? float(null) : this.power(first, second, written[1]);
      case 'factorial': {
        const number = this.numberOf(first);
        return this.made(number * Math.log10(Math.max(2, number)));
      }
      case 'exp':
        // A third and more of the exponent's digits stand before the point, or behind it.
        return isFloat
          ? float(null)
          : this.made(400 + most.digits + this.boundOf(first, written[0]) * Math.LOG10E);
      case 'ln':
      case 'log':
      case 'sqrt':
      case 'div':
      case 'mod':
      case 'gcd':
      case 'lcm':
      case 'numeric_mul':
      case 'numeric_div':
        this.spend(most.digits * 2, most.digits * 2);
        return sized(most.digits * 2, most.magnitude * 2);
      case 'numeric':
        return mayHoldExponent(written[0]) ? largest : most;
      case 'replace':
      case 'regexp_replace':
      case 'array_to_string':
        // Each character or element may become, or bring with it, as much as the last text.
        return this.text((first?.digits ?? 1) * (sizes[2] ?? second ?? sized(1, 1)).digits);
      case 'repeat':
        return this.text((first?.digits ?? 1) * this.countOf(node, second));
      case 'lpad':
      case 'rpad':
        return this.text(this.countOf(node, second));
      case 'array_fill': {
        const sides = listOf(asTree(asTree(written[1])?.['A_ArrayExpr'])?.['elements']);
        const elements = sides.reduce<number>(
          (product, side) => product * this.boundOf(this.sizeOf(side), side),
          1,
        );
        return this.text(Math.max(elements, this.countOf(node, second)));
      }
      case 'format': {
        const format = firstText(node);
        // A width may be written, or be an argument.
        const widths = format.includes('*')
          ? sizes.slice(1).map((size, index) => this.boundOf(size, written[index + 1]))
          : [];
        return this.text(Math.max(0, ...widths, Number(/%[-\d$]*?(\d{6,})/.exec(format)?.[1] ?? 0)));
      }
      default:
        return most;
    }
  }

  /** A number that nobody sees is as large as what the statement writes. */
  private numberOf(size: Size | undefined): number {
    return Math.abs(size?.value ?? this.known.largest);
  }

  /** How many times, or how far, by the second argument of a call. */
  private countOf(call: Tree, size: Size | undefined): number {
    return Math.max(this.numberOf(size), this.known.counts.boundOf(listOf(call['args'])[1]));
  }

  /** The largest that a number may be: itself where it can be seen, else what its expression may give. */
  private boundOf(size: Size | undefined, written: unknown): number {
    const seen = size?.value ?? null;
    const { makesRows: made, largest: most, counts } = this.known;
    return seen === null ? Math.max(made ? most : 0, counts.boundOf(written)) : Math.abs(seen);
  }

  /** A number that is computed digit by digit. */
  private made(digits: number): Size {
    const result = sized(digits, digits);
    this.spend(result.digits, result.digits);
    return result;
  }

  private text(length: number): Size {
    this.textMade += length;
    return sized(length, length);
  }

  private spend(left: number, right: number): void {
    this.pairs += left * right;
  }
}
