import * as z from 'zod';
import { metricSchema, metricsOf, oneText, semanticModelSchema } from './metrics.ts';
import type { Project, Relation } from './project.ts';
import { factOf } from './tests.ts';

const said = z.string().nullish().catch(null);

const columnSchema = z.looseObject({ name: z.string(), description: said });

const nodeSchema = z.looseObject({
  resource_type: z.string(),
  name: z.string(),
  alias: said,
  identifier: said,
  schema: said,
  description: said,
  columns: z.record(z.string(), columnSchema).nullish().catch(null),
  test_metadata: z.looseObject({ name: z.string(), kwargs: z.unknown().optional() }).nullish().catch(null),
  attached_node: said,
  column_name: said,
});

const exposureSchema = z.looseObject({
  name: z.string(),
  label: said,
  type: said,
  description: said,
  depends_on: z
    .looseObject({ nodes: z.array(z.string()).nullish().catch(null) })
    .nullish()
    .catch(null),
});

/** Entries of which each stands for itself: one that is of another version is left out. */
function entries<Entry>(schema: z.ZodType<Entry>) {
  return z
    .record(z.string(), schema.nullable().catch(null))
    .nullish()
    .catch(null)
    .transform((record) =>
      Object.entries(record ?? {}).flatMap(([id, entry]) => (entry === null ? [] : [{ id, entry }])),
    );
}

const manifestSchema = z.looseObject({
  metadata: z.looseObject({ dbt_schema_version: z.string(), project_name: said }),
  nodes: entries(nodeSchema),
  sources: entries(nodeSchema),
  metrics: entries(metricSchema),
  semantic_models: entries(semanticModelSchema),
  exposures: entries(exposureSchema),
});

const withTables: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot', 'source']);

/** The project of dbt's `manifest.json`; null for JSON that is none. Source: schemas.getdbt.com, v4 to v12. */
export function readManifest(value: unknown): Project | null {
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    return null;
  }
  const { metadata, nodes, sources, metrics, semantic_models: semantic, exposures } = parsed.data;
  const facts = new Map<string, string[]>();
  for (const { entry: test } of nodes) {
    const fact =
      test.test_metadata == null ? null : factOf(test.test_metadata.name, test.test_metadata.kwargs);
    if (fact !== null && test.attached_node != null && test.column_name != null) {
      const key = JSON.stringify([test.attached_node, test.column_name]);
      facts.set(key, [...(facts.get(key) ?? []), fact]);
    }
  }
  const tables = [...nodes, ...sources].filter(({ entry }) => withTables.has(entry.resource_type));
  const nameOf = (id: string): string =>
    tables.find((table) => table.id === id)?.entry.name ?? id.split('.').at(-1) ?? id;
  return {
    title: metadata.project_name ?? null,
    relations: tables.map(
      ({ id, entry }): Relation => ({
        schema: entry.schema ?? null,
        name: entry.identifier ?? entry.alias ?? entry.name,
        description: oneText(entry.description),
        columns: columnsOf(entry, (column) => facts.get(JSON.stringify([id, column])) ?? []),
      }),
    ),
    metrics: metricsOf(
      metrics.map(({ entry }) => entry),
      semantic.map(({ entry }) => entry),
    ),
    topics: exposures.map(({ entry }) => ({
      title: entry.label ?? entry.name.replaceAll('_', ' '),
      text: [
        oneText(entry.description),
        `A ${entry.type ?? 'view'} over ${(entry.depends_on?.nodes ?? []).map(nameOf).join(', ')}.`,
      ].join('\n'),
    })),
  };
}

/** The columns that are described, and those that are tested without being. */
function columnsOf(
  { columns }: z.output<typeof nodeSchema>,
  factsOf: (column: string) => readonly string[],
): Relation['columns'] {
  return Object.values(columns ?? {}).map(({ name, description }) => ({
    name,
    description: oneText(description),
    facts: factsOf(name),
  }));
}
