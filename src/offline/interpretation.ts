import type { Analysis } from './analysis/analysis.ts';
import type { Candidate } from './grammar/candidate.ts';
import { deletedLines } from './plain/conditions/deleted.ts';
import { spoken } from './query/spoken.ts';

/** How a candidate reads its question, a line a part: the words asked, an arrow, what they became. */
export function interpretationOf(analysis: Analysis, candidate: Candidate): string[] {
  const lines: string[] = [];
  const words = (span: { readonly start: number; readonly end: number }): string => {
    const first = analysis.tokens[Math.max(0, span.start)];
    const last = analysis.tokens[Math.max(0, span.end - 1)];
    return first === undefined || last === undefined ? '' : analysis.question.slice(first.start, last.end);
  };
  const write = spoken(analysis.schemaIndex);
  const main = candidate.query.kind === 'set' ? candidate.query.left : candidate.query;
  const seen = new Set<number>();
  for (const mention of analysis.tables) {
    if (!candidate.tables.includes(mention.id) || seen.has(mention.id) || mention.score < 0.6) {
      continue;
    }
    seen.add(mention.id);
    lines.push(`${words(mention)} → table ${analysis.schemaIndex.tables[mention.id]?.name ?? ''}`);
  }
  for (const table of candidate.tables) {
    if (!seen.has(table)) {
      lines.push(`with the rows of ${analysis.schemaIndex.tables[table]?.name ?? ''} that belong to them`);
    }
  }
  for (const item of [...candidate.select.items].sort((a, b) => a.start - b.start)) {
    lines.push(`${words(item)} → ${write.expression(item.expression)}`);
  }
  for (const item of candidate.filter.items) {
    lines.push(`${words(item)} → ${write.condition(item.condition)}`);
  }
  if (main.group.length > 0) {
    lines.push(`one row for each ${main.group.map((column) => write.column(column)).join(', ')}`);
  }
  if (main.having !== null) {
    lines.push(`${words(candidate.having.item)} → groups with ${write.condition(main.having)}`);
  }
  const order = candidate.order.item;
  if (order.by !== null && candidate.shape === 'top') {
    lines.push(
      `${words(order)} → the one with the ${order.descending ? 'highest' : 'lowest'} ${write.expression(order.by)}, and all rows that belong to it`,
    );
  } else if (order.by !== null) {
    lines.push(
      `${words(order)} → ordered by ${write.expression(order.by)}, ${order.descending ? 'highest' : 'lowest'} first${order.limit === null ? '' : `, the first ${order.limit} only`}`,
    );
  }
  if (candidate.shape === 'countGroups' && candidate.having.item.left !== null) {
    lines.push(`${words(candidate.having.item)} → those with that many rows are counted, each once`);
  }
  if (candidate.shape === 'inside') {
    lines.push(insideReading(candidate));
  }
  if (candidate.shape === 'or') {
    lines.push('either condition is enough');
  }
  if (candidate.shape === 'union') {
    lines.push('and → the rows of both tables in one list (UNION)');
  }
  if (candidate.shape === 'intersect') {
    lines.push('both → what is true of rows of each kind (INTERSECT)');
  }
  if (candidate.shape === 'except') {
    lines.push('but not → rows of the second kind taken away (EXCEPT)');
  }
  if (main.distinct) {
    lines.push('repeated rows are shown once');
  }
  lines.push(...deletedLines(analysis, candidate.query));
  return [...new Set(lines)];
}

/** Which rows the conditions of a nested query are about. */
function insideReading(candidate: Candidate): string {
  const kinds = new Set(candidate.filter.items.map((item) => item.condition.kind));
  if (kinds.has('scalar')) {
    return 'the conditions hold for the rows that are compared with';
  }
  return kinds.has('in')
    ? 'the conditions hold for what is missing'
    : 'left out is what has any related row of that kind (NOT IN)';
}

/** A reading in one short line, to choose it from several. */
export function shortInterpretation(analysis: Analysis, candidate: Candidate): string {
  const write = spoken(analysis.schemaIndex);
  const main = candidate.query.kind === 'set' ? candidate.query.left : candidate.query;
  const parts = [main.select.map((item) => write.expression(item)).join(', ')];
  parts.push(
    `from ${candidate.tables.map((table) => analysis.schemaIndex.tables[table]?.name ?? '').join(', ')}`,
  );
  const conditions = candidate.filter.items.map((item) => write.condition(item.condition));
  if (conditions.length > 0) {
    parts.push(
      `where ${conditions.join(candidate.shape === 'or' ? ' or ' : candidate.shape === 'except' ? ' but not ' : ' and ')}`,
    );
  }
  if (main.group.length > 0) {
    parts.push(`for each ${main.group.map((column) => write.column(column)).join(', ')}`);
  }
  if (main.having !== null) {
    parts.push(`with ${write.condition(main.having)}`);
  }
  const order = candidate.order.item;
  if (order.by !== null) {
    parts.push(
      `${order.descending ? 'highest' : 'lowest'} ${write.expression(order.by)} first${order.limit === null ? '' : `, ${order.limit} only`}`,
    );
  }
  if (main.distinct) {
    parts.push('without repeats');
  }
  return parts.join(', ');
}
