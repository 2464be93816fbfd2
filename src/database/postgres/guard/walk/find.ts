import { asTree, type Tree } from '../parser.ts';
import { numberProblem } from '../planning/numbers.ts';
import { shapeProblem } from '../planning/shape.ts';
import { addJsonFunctions, expressionNodes } from './expression-nodes.ts';
import type { Findings } from './findings.ts';
import { queryNodes, select } from './query-nodes.ts';
import { knownChangeNodes, knownDefinitionNodes, knownExpressionNodes, structFields } from './syntax.ts';
import type { Gathered, Place, Walk } from './walk.ts';

/** How deep an expression may nest: deeper ones are no honest query, and the stack has an end. */
const depthLimit = 600;

/** What may stand in a statement: `body` is one of a function, with parameters. */
export type FindMode = 'rows' | 'tables' | 'body';

const nowhere: Place = { scope: new Map(), from: [] };

/** Walks a statement's tree and writes down what the guard has to know. */
export function findAll(tag: string, body: Tree, mode: FindMode): Findings {
  const walk = new StatementWalk(mode);
  try {
    walk.node(tag, body, nowhere);
  } catch (error) {
    // How far the stack reaches is not the same everywhere.
    if (!(error instanceof RangeError)) {
      throw error;
    }
    walk.gathered.refusals.push('it is nested too deep');
  }
  const { refusals } = walk.gathered;
  const planning = refusals.length === 0 ? (shapeProblem(body) ?? numberProblem(body)) : null;
  if (planning !== null) {
    refusals.push(planning);
  }
  return walk.gathered;
}

/** Refuses every node and every struct that is not known. */
class StatementWalk implements Walk {
  readonly gathered: Gathered = {
    calls: [],
    relations: [],
    sources: [],
    references: [],
    naturalJoins: [],
    usingColumns: [],
    types: [],
    operators: [],
    samplingMethods: [],
    operatorClasses: [],
    changes: [],
    refusals: [],
  };
  private readonly mode: FindMode;
  private depth = 0;

  constructor(mode: FindMode) {
    this.mode = mode;
  }

  visit(value: unknown, field: string, place: Place): void {
    if (Array.isArray(value)) {
      for (const item of value) {
        this.visit(item, field, place);
      }
      return;
    }
    const tree = asTree(value);
    if (tree === null) {
      return;
    }
    const entries = Object.entries(tree);
    const [first] = entries;
    if (first === undefined) {
      return;
    }
    const { refusals } = this.gathered;
    if (this.depth > depthLimit) {
      if (refusals.length === 0) {
        refusals.push('it is nested too deep');
      }
      return;
    }
    this.depth++;
    const [name, content] = first;
    const inner = asTree(content);
    if (entries.length === 1 && /^[A-Z]/.test(name) && inner !== null) {
      this.node(name, inner, place);
    } else if (structFields.has(field)) {
      this.struct(field, tree, place);
    } else {
      refusals.push(`it holds something that is not understood (${field})`);
    }
    this.depth--;
  }

  children(tree: Tree, place: Place, without: readonly string[] = []): void {
    for (const [field, value] of Object.entries(tree)) {
      if (typeof value === 'object' && !without.includes(field)) {
        this.visit(value, field, place);
      }
    }
  }

  node(name: string, tree: Tree, place: Place): void {
    const known =
      knownExpressionNodes.has(name) ||
      knownChangeNodes.has(name) ||
      (this.mode === 'tables' && knownDefinitionNodes.has(name));
    if (name === 'ParamRef' && this.mode === 'body') {
      return;
    }
    if (!known) {
      this.gathered.refusals.push(
        name === 'ParamRef'
          ? 'it has a parameter without a value'
          : `it holds ${name}, which is not understood`,
      );
      return;
    }
    if (name.startsWith('Json') || name === 'MergeSupportFunc') {
      addJsonFunctions(this.gathered);
    }
    const handler = queryNodes[name] ?? expressionNodes[name];
    if (handler === undefined) {
      this.children(tree, place);
    } else {
      handler(this, tree, place);
    }
  }

  private struct(field: string, tree: Tree, place: Place): void {
    if (field === 'larg' || field === 'rarg') {
      select(this, tree, place);
    } else if (typeof tree['relname'] === 'string') {
      this.node('RangeVar', tree, place);
    } else if (field === 'typeName' || field === 'ofTypename') {
      this.node('TypeName', tree, place);
    } else if (!constantFields.has(field)) {
      this.children(tree, place);
    }
  }
}

/** Structs that hold a constant. */
const constantFields = new Set(['ival', 'fval', 'boolval', 'bsval', 'sval']);
