/** A node of the parser's tree. Which fields it has depends on the grammar; they are read one by one, never trusted. */
export interface Node {
  readonly [field: string]: unknown;
}

/** A statement as a tree, and the way back to text. */
export interface SqlTree {
  readonly root: Node;
  /** The statement with other nodes in the places of some; null where its text can't be had without a change of meaning. */
  write(replacements?: ReadonlyMap<Node, Node>): string | null;
  /** One expression of it as text. */
  writeExpression(node: Node): string;
  /** Another SELECT, made of parts of this one, as text; null where this one's text can't be had either. */
  writeSelect(select: Node): string | null;
}

/** Whether a value is a node, and no list. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The nodes of a list; none where it is no list. */
export function nodesOf(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The same field of each node of a list, where it is a node. */
export function nodesAt(list: unknown, field: string): readonly Node[] {
  return nodesOf(nodesOf(list).map((node) => node[field]));
}

/** A field that is a node. */
export function nodeIn(node: Node, field: string): Node | null {
  const value = node[field];
  return isNode(value) ? value : null;
}

/** A field that is a text. */
export function textIn(node: Node, field: string): string | null {
  const value = node[field];
  return typeof value === 'string' ? value : null;
}

/** A name, which the grammars give bare or wrapped. */
export function nameOf(value: unknown): string | null {
  if (typeof value === 'string') {
    return value;
  }
  if (!isNode(value)) {
    return null;
  }
  const inner = value['expr'] ?? value['value'] ?? value['name'];
  if (Array.isArray(inner)) {
    return nameOf(inner.at(-1));
  }
  return inner === undefined ? null : nameOf(inner);
}

/** The name of a called function in upper case; null for another node. */
export function functionName(node: Node): string | null {
  if (node['type'] === 'extract') {
    return 'EXTRACT';
  }
  if (node['type'] !== 'function' && node['type'] !== 'aggr_func') {
    return null;
  }
  return nameOf(node['name'])?.toUpperCase() ?? null;
}

/** The arguments of a call. */
export function argumentsOf(node: Node): readonly Node[] {
  const given = node['args'];
  if (!isNode(given)) {
    return nodesOf(given);
  }
  if (given['type'] === 'expr_list') {
    return nodesOf(given['value']);
  }
  return isNode(given['expr']) ? [given['expr']] : isNode(given['source']) ? [given['source']] : [];
}

/** All nodes below a node, itself first; does not enter SELECTs unless told. */
export function* walk(node: Node, options: { readonly intoSelects: boolean }): Generator<Node> {
  yield node;
  for (const value of Object.values(node)) {
    for (const inner of Array.isArray(value) ? value : [value]) {
      if (!isNode(inner)) {
        continue;
      }
      if (!options.intoSelects && (inner['type'] === 'select' || isNode(inner['ast']))) {
        continue;
      }
      yield* walk(inner, options);
    }
  }
}

/** The conditions that an expression joins by AND; none where it is missing. */
export function conjunctsOf(node: Node | null): readonly Node[] {
  if (node === null) {
    return [];
  }
  if (node['type'] !== 'binary_expr' || textIn(node, 'operator')?.toUpperCase() !== 'AND') {
    return [node];
  }
  return [...conjunctsOf(nodeIn(node, 'left')), ...conjunctsOf(nodeIn(node, 'right'))];
}

/** An expression of conditions that must all hold; null for none. */
export function allOf(conditions: readonly Node[]): Node | null {
  const [first, ...others] = conditions.map((condition) =>
    textIn(condition, 'operator')?.toUpperCase() === 'OR' ? { ...condition, parentheses: true } : condition,
  );
  return first === undefined
    ? null
    : others.reduce<Node>((left, right) => ({ type: 'binary_expr', operator: 'AND', left, right }), first);
}
