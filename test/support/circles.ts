/** Groups of nodes each of which reaches every other of its group, by Tarjan's algorithm; groups of one are left out. */
export function circlesOf(edges: ReadonlyMap<string, Iterable<string>>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const path: string[] = [];
  const circles: string[][] = [];
  const visit = (node: string): number => {
    const index = order.size;
    order.set(node, index);
    low.set(node, index);
    path.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!order.has(next)) {
        low.set(node, Math.min(low.get(node) ?? index, visit(next)));
      } else if (path.includes(next)) {
        low.set(node, Math.min(low.get(node) ?? index, order.get(next) ?? index));
      }
    }
    if (low.get(node) === index) {
      const circle = path.splice(path.indexOf(node));
      if (circle.length > 1) {
        circles.push(circle.sort());
      }
    }
    return low.get(node) ?? index;
  };
  for (const node of edges.keys()) {
    if (!order.has(node)) {
      visit(node);
    }
  }
  return circles.sort();
}
