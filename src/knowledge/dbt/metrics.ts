import * as z from 'zod';
import type { Metric } from './project.ts';
import { refOf } from './tests.ts';

const said = z.string().nullish().catch(null);

/** A measure of a semantic model. */
const measureSchema = z.looseObject({
  name: z.string(),
  agg: said,
  expr: z.unknown().optional(),
  description: said,
});

/** A model with measures over its table. */
export const semanticModelSchema = z.looseObject({
  name: z.string(),
  model: said,
  description: said,
  node_relation: z.looseObject({ alias: said }).nullish().catch(null),
  measures: z.array(measureSchema).nullish().catch(null),
});

/** A metric's or a measure's name, or an object that has it. */
const named = z
  .union([z.string(), z.looseObject({ name: z.string(), filter: z.unknown().optional() })])
  .nullish()
  .catch(null);

/**
 * A metric: of today's form (`type`, `type_params`), of the one with the computation in itself (`agg`, `expr`), or of that
 * before dbt 1.6 (`calculation_method`, `expression`).
 */
export const metricSchema = z.looseObject({
  name: z.string(),
  label: said,
  description: said,
  type: said,
  type_params: z
    .looseObject({
      measure: named,
      numerator: named,
      denominator: named,
      expr: z.unknown().optional(),
      metrics: z.array(named).nullish().catch(null),
    })
    .nullish()
    .catch(null),
  agg: said,
  expr: z.unknown().optional(),
  filter: z.unknown().optional(),
  calculation_method: said,
  expression: said,
  sql: said,
  model: said,
  filters: z
    .array(z.looseObject({ field: said, operator: said, value: z.unknown().optional() }))
    .nullish()
    .catch(null),
});

type WrittenMetric = z.output<typeof metricSchema>;
export type SemanticModel = z.output<typeof semanticModelSchema>;

/** How aggregations of dbt are written in SQL. Source: dbt's "Measures" and its metrics before 1.6. */
const aggregates: Readonly<Record<string, (expression: string) => string>> = {
  sum: (expression) => `SUM(${expression})`,
  count: (expression) => `COUNT(${expression})`,
  count_distinct: (expression) => `COUNT(DISTINCT ${expression})`,
  average: (expression) => `AVG(${expression})`,
  avg: (expression) => `AVG(${expression})`,
  min: (expression) => `MIN(${expression})`,
  max: (expression) => `MAX(${expression})`,
};

/** The metrics of a project, each as SQL where its parts say so. `table` is that of metrics which stand under a model. */
export function metricsOf(
  metrics: readonly (WrittenMetric & { readonly table?: string })[],
  semanticModels: readonly SemanticModel[],
): readonly Metric[] {
  const measures = new Map(
    semanticModels.flatMap((model) =>
      (model.measures ?? []).map(
        (measure) =>
          [measure.name, computed(measure.agg, measure.expr ?? measure.name, tableOf(model))] as const,
      ),
    ),
  );
  const simple = new Map<string, string | null>();
  for (const metric of metrics) {
    simple.set(metric.name, simpleExpression(metric, measures));
  }
  return metrics.map((metric) => {
    const { name, label = null, description } = metric;
    const expression = simple.get(name) ?? null;
    const details = [...detailsOf(metric, simple), ...filtersOf(metric)];
    return { name, label: label ?? null, description: oneText(description), expression, details };
  });
}

function tableOf({ name, model, node_relation: relation }: SemanticModel): string {
  return relation?.alias ?? (model == null ? name : refOf(model));
}

function simpleExpression(
  metric: WrittenMetric & { readonly table?: string },
  measures: ReadonlyMap<string, string | null>,
): string | null {
  const {
    type_params: parameters,
    agg,
    expr,
    calculation_method: method,
    type,
    expression,
    sql,
    model,
  } = metric;
  const measure = nameOf(parameters?.measure);
  if (measure !== null) {
    return measures.get(measure) ?? null;
  }
  const table = metric.table ?? (model == null ? null : refOf(model));
  const way = agg ?? method ?? (type !== null && type !== undefined && type in aggregates ? type : null);
  return way === null || table === null
    ? null
    : computed(way, expr ?? expression ?? sql ?? metric.name, table);
}

/** An aggregate over columns of a table; null for one that has no SQL of its own here. */
function computed(agg: string | null | undefined, expression: unknown, table: string): string | null {
  const write = Object.hasOwn(aggregates, agg ?? '') ? aggregates[agg ?? ''] : undefined;
  if (write === undefined || (typeof expression !== 'string' && typeof expression !== 'number')) {
    return null;
  }
  const text = String(expression).replace(/\s+/gu, ' ').trim();
  if (
    /^[\w\s+*/().-]+$/u.test(text) &&
    !/\b(?:case|when|and|or|not|in|is|null|distinct)\b|\w\s*\(/iu.test(text)
  ) {
    return write(text.replace(/(?<![\w.])[A-Za-z_]\w*(?![\w.]*\.)/gu, (column) => `${table}.${column}`));
  }
  return `${write(text)} over ${table}`;
}

function detailsOf(
  { type, type_params: parameters }: WrittenMetric,
  simple: ReadonlyMap<string, string | null>,
): readonly string[] {
  const part = (name: string): string => {
    const expression = simple.get(name) ?? null;
    return expression === null ? name : `${name} (${expression})`;
  };
  const [above, below] = [nameOf(parameters?.numerator), nameOf(parameters?.denominator)];
  if (above !== null && below !== null) {
    return [`${part(above)} divided by ${part(below)}`];
  }
  if (type === 'derived' && typeof parameters?.expr === 'string') {
    const names = (parameters.metrics ?? []).flatMap((one) => nameOf(one) ?? []);
    return [
      `derived from other metrics: ${parameters.expr}`,
      ...names.map(part).filter((text) => text.includes('(')),
    ];
  }
  return type === 'cumulative' || type === 'conversion' ? [`${type} metric`] : [];
}

function filtersOf({ filter, filters, type_params: parameters }: WrittenMetric): readonly string[] {
  const inner = parameters?.measure;
  const own = [filter, typeof inner === 'object' && inner !== null ? inner.filter : null].flatMap(
    filterTexts,
  );
  const old = (filters ?? []).map(({ field, operator, value }) => [field, operator, value].join(' ').trim());
  return [...own, ...old].filter((text) => text !== '').map((text) => `where ${text}`);
}

/** `{{ Dimension('order__is_food') }} = true`, as text, as a list, or as the manifest has it. */
function filterTexts(filter: unknown): readonly string[] {
  if (typeof filter === 'string') {
    return [
      filter
        .replace(/\{\{\s*\w+\(\s*['"]([^'"]+)['"][^}]*\}\}/gu, '$1')
        .replace(/\s+/gu, ' ')
        .trim(),
    ];
  }
  if (Array.isArray(filter)) {
    return filter.flatMap(filterTexts);
  }
  const inner = z
    .looseObject({ where_filters: z.array(z.looseObject({ where_sql_template: z.string() })) })
    .safeParse(filter);
  return (inner.data?.where_filters ?? []).flatMap(({ where_sql_template: text }) => filterTexts(text));
}

function nameOf(written: z.output<typeof named> | undefined): string | null {
  return typeof written === 'string' ? written : (written?.name ?? null);
}

/** A description as one text; '' where there is none. */
export function oneText(text: string | null | undefined): string {
  return (text ?? '').replace(/\s*\n\s*\n\s*/gu, '\n').trim();
}
