import { asTree, listOf, type Tree, textOf } from '../syntax/tree.ts';
import { expressionNodes, walkOrders } from './expressions.ts';
import type { Findings } from './findings.ts';
import { queryNodes } from './queries.ts';
import { tableNodes } from './tables.ts';
import { type Fields, type Gathered, type NodeHandler, type Place, treesOf, type Walk } from './walk.ts';

/** How deep a statement may nest: deeper ones are no honest query, and the stack has an end. */
const depthLimit = 600;

const nowhere: Place = { ctes: new Set(), from: [] };

/** Walks the trees of a statement and writes down what the guard has to know; what is not known is refused. */
export function findAll(queries: readonly Tree[]): Findings {
  const walk = new StatementWalk();
  for (const query of queries) {
    walk.query(query, nowhere);
  }
  return walk.gathered;
}

/** What several texts bring in, as if they were one. */
export function together(all: readonly Findings[]): Findings {
  return {
    calls: all.flatMap(({ calls }) => calls),
    relations: all.flatMap(({ relations }) => relations),
    sources: all.flatMap(({ sources }) => sources),
    references: all.flatMap(({ references }) => references),
    unnamed: all.flatMap(({ unnamed }) => unnamed),
    types: all.flatMap(({ types }) => types),
    shown: all.flatMap(({ shown }) => shown),
    placeholders: all.flatMap(({ placeholders }) => placeholders),
    refusals: all.flatMap(({ refusals }) => refusals),
  };
}

class StatementWalk implements Walk {
  readonly gathered: Gathered = {
    calls: [],
    relations: [],
    sources: [],
    references: [],
    unnamed: [],
    types: [],
    shown: [],
    placeholders: [],
    refusals: [],
  };
  private depth = 0;

  expression(value: unknown, place: Place): void {
    this.nodes(value, 'class', expressionNodes, place);
  }

  query(value: unknown, place: Place): void {
    this.nodes(value, 'type', queryNodes, place);
  }

  table(value: unknown, place: Place): void {
    this.nodes(value, 'type', tableNodes, place);
  }

  type(value: unknown): void {
    for (const tree of treesOf(value)) {
      this.typeName(tree);
      for (const inner of Object.values(tree)) {
        if (typeof inner === 'object') {
          this.type(inner);
        }
      }
    }
  }

  fields(tree: Tree, known: Fields, place: Place): void {
    for (const [field, value] of Object.entries(tree)) {
      switch (known[field]) {
        case 'plain':
          break;
        case 'expression':
          this.expression(value, place);
          break;
        case 'query':
          this.query(value, place);
          break;
        case 'statement':
          for (const statement of treesOf(value)) {
            this.fields(statement, { node: 'query', named_param_map: 'plain' }, place);
          }
          break;
        case 'table':
          this.table(value, place);
          break;
        case 'type':
          this.type(value);
          break;
        case 'orders':
          walkOrders(this, value, place);
          break;
        default:
          this.refuse(`it holds ${field}, which is not understood`);
      }
    }
  }

  refuse(reason: string): void {
    this.gathered.refusals.push(reason);
  }

  private nodes(
    value: unknown,
    kind: 'class' | 'type',
    handlers: Readonly<Record<string, NodeHandler>>,
    place: Place,
  ): void {
    for (const tree of listOf(Array.isArray(value) ? value : [value])
      .flat()
      .map(asTree)) {
      const name = textOf(tree?.[kind]) ?? 'something';
      const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
      if (tree === null || handler === undefined) {
        this.refuse(`it holds ${name}, which is not understood`);
      } else if (this.depth >= depthLimit) {
        this.refuse('it is nested too deep');
        return;
      } else {
        this.depth++;
        handler(this, tree, place);
        this.depth--;
      }
    }
  }

  /** A type that the grammar does not know is one that the catalog must: its own, or one that a user has made. */
  private typeName(tree: Tree): void {
    if (tree['type'] !== 'UNBOUND_TYPE_INFO') {
      return;
    }
    const name = textOf(tree['name']);
    if (name === null || Object.keys(tree).some((field) => !unboundFields.has(field))) {
      this.refuse('it names a type in a way that is not understood');
    } else {
      this.gathered.types.push(name);
    }
  }
}

const unboundFields = new Set(['type', 'name', 'schema', 'catalog', 'alias']);
