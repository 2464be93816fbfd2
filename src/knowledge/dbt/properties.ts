import * as z from 'zod';
import { metricSchema, metricsOf, oneText, semanticModelSchema } from './metrics.ts';
import type { Project, Relation } from './project.ts';
import { factsOfTests, refOf } from './tests.ts';

const said = z.string().nullish().catch(null);
const list = <Entry>(schema: z.ZodType<Entry>) =>
  z
    .array(schema.nullable().catch(null))
    .nullish()
    .catch(null)
    .transform((found) => (found ?? []).flatMap((entry) => (entry === null ? [] : [entry])));
const tests = z.array(z.unknown()).nullish().catch(null);

const columnSchema = z.looseObject({ name: z.string(), description: said, tests, data_tests: tests });

const configSchema = z.looseObject({ alias: said, schema: said }).nullish().catch(null);

const tableSchema = z.looseObject({
  name: z.string(),
  alias: said,
  identifier: said,
  description: said,
  config: configSchema,
  columns: list(columnSchema),
  metrics: list(metricSchema),
});

const sourceSchema = z.looseObject({
  name: z.string(),
  schema: said,
  description: said,
  tables: list(tableSchema),
});

const exposureSchema = z.looseObject({
  name: z.string(),
  label: said,
  type: said,
  description: said,
  depends_on: z.array(z.string()).nullish().catch(null),
});

/** A properties file of dbt, of version 2. */
const version2 = z.looseObject({
  models: list(tableSchema),
  seeds: list(tableSchema),
  snapshots: list(tableSchema),
  sources: list(sourceSchema),
  metrics: list(metricSchema),
  semantic_models: list(semanticModelSchema),
  exposures: list(exposureSchema),
});

/** A model of version 1, which has constraints and no descriptions. Source: dbt's documentation of 0.10. */
const version1 = z.looseObject({
  constraints: z.looseObject({
    relationships: list(z.looseObject({ from: z.string(), to: z.string(), field: said })),
    accepted_values: list(z.looseObject({ field: z.string(), values: z.array(z.unknown()) })),
  }),
});

/** Texts of `{% docs name %}` blocks, by their names. */
export type DocsBlocks = ReadonlyMap<string, string>;

/** The project of a `schema.yml`, of either version; null for YAML that is none. */
export function readProperties(value: unknown, blocks: DocsBlocks = new Map()): Project | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return null;
  }
  const keys = Object.keys(version2.shape);
  const isVersion2 = keys.some((key) => Array.isArray(Reflect.get(value, key)));
  const parsed = isVersion2 ? version2.safeParse(value).data : undefined;
  if (parsed === undefined) {
    const relations = Object.entries(value).flatMap(([name, entry]) => oldRelation(name, entry));
    return relations.length === 0 ? null : { title: null, relations, metrics: [], topics: [] };
  }
  const tables = [...parsed.models, ...parsed.seeds, ...parsed.snapshots];
  const text = (description: string | null | undefined): string => withBlocks(oneText(description), blocks);
  return {
    title: null,
    relations: [
      ...tables.map((table) => relationOf(table, table.config?.schema ?? null, text)),
      ...parsed.sources.flatMap((source) =>
        source.tables.map((table) => relationOf(table, source.schema ?? source.name, text)),
      ),
    ],
    metrics: metricsOf(
      [
        ...parsed.metrics,
        ...tables.flatMap(({ name, metrics }) => metrics.map((metric) => ({ ...metric, table: name }))),
      ],
      parsed.semantic_models,
    ).map((metric) => ({ ...metric, description: withBlocks(metric.description, blocks) })),
    topics: parsed.exposures.map(({ name, label, type, description, depends_on: on }) => ({
      title: label ?? name.replaceAll('_', ' '),
      text: [text(description), `A ${type ?? 'view'} over ${(on ?? []).map(refOf).join(', ')}.`].join('\n'),
    })),
  };
}

function relationOf(
  { name, alias, identifier, description, config, columns }: z.output<typeof tableSchema>,
  schema: string | null,
  text: (description: string | null | undefined) => string,
): Relation {
  return {
    schema,
    name: identifier ?? config?.alias ?? alias ?? name,
    description: text(description),
    columns: columns.map((column) => ({
      name: column.name,
      description: text(column.description),
      facts: factsOfTests([...(column.tests ?? []), ...(column.data_tests ?? [])]),
    })),
  };
}

function oldRelation(name: string, entry: unknown): readonly Relation[] {
  const parsed = version1.safeParse(entry).data;
  if (parsed === undefined) {
    return [];
  }
  const facts = new Map<string, string[]>();
  const add = (column: string, name: string, given: unknown): void => {
    facts.set(column, [...(facts.get(column) ?? []), ...factsOfTests([{ [name]: given }])]);
  };
  for (const { field, values } of parsed.constraints.accepted_values) {
    add(field, 'accepted_values', { values });
  }
  for (const { from, to, field } of parsed.constraints.relationships) {
    add(from, 'relationships', { to, field });
  }
  const columns = [...facts].map(([column, own]) => ({ name: column, description: '', facts: own }));
  return [{ schema: null, name, description: '', columns }];
}

/** `{{ doc("orders") }}` filled in; what no block says is left out. */
function withBlocks(text: string, blocks: DocsBlocks): string {
  return text
    .replace(
      /\{\{\s*doc\(\s*(?:['"][^'"]*['"]\s*,\s*)?['"]([^'"]+)['"]\s*\)\s*\}\}/gu,
      (_whole, name: string) => blocks.get(name) ?? '',
    )
    .trim();
}

/** The `{% docs name %}` blocks of a Markdown text. */
export function docsBlocksIn(markdown: string): DocsBlocks {
  const found = markdown.matchAll(/\{%-?\s*docs\s+(\w+)\s*-?%\}([\s\S]*?)\{%-?\s*enddocs\s*-?%\}/gu);
  return new Map([...found].map(([, name = '', text = '']) => [name, text.trim()]));
}
