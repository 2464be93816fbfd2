import * as z from 'zod';
import type { ResultColumn, Row } from '../../database/database.ts';
import { dialectOf } from '../../database/engines.ts';
import { SqlqError } from '../../errors.ts';
import { sourceOf } from '../../knowledge/excerpt.ts';
import type { ToolDefinition } from '../../model/message.ts';
import { counted } from '../../render/quantity.ts';
import { valueText } from '../../render/value.ts';
import type { Schema } from '../../schema/schema.ts';
import type { AskContext } from '../context.ts';
import { planStatement } from '../plan-statement.ts';
import { problemText } from '../prompt/problem.ts';
import { describeTables } from '../tools/describe-tables.ts';
import { findValues } from '../tools/find-values.ts';
import { searchDocuments } from '../tools/search-documents.ts';
import { foundTablesText, searchSchema } from '../tools/search-schema.ts';

/** What a look has come to. */
export interface Found {
  /** What the model is told; the part of the database's own words in it may hold anything. */
  readonly text: string;
  /** The same in a few words, for the user. */
  readonly gist: string;
}

/** A tool that a model may look with. Nothing that it finds goes beyond what may be sent. */
export interface LookTool<Input = unknown> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType<Input>;
  look(input: Input, place: LookPlace): Promise<Found>;
}

/** Where is looked. */
export interface LookPlace {
  readonly context: AskContext;
  readonly schema: Schema;
  readonly signal: AbortSignal;
}

const mostTables = 10;
const mostRows = 5;
/** SQL on trial has so long to come to its first rows. */
const trialMs = 10_000;

/** A tool whose input has the type of its own schema. */
function define<Input>(tool: LookTool<Input>): LookTool {
  return { ...tool, look: (input, place) => tool.look(tool.input.parse(input), place) };
}

const searchSchemaTool = define({
  name: 'search_schema',
  description: 'Finds tables by words in names, labels and comments.',
  input: z.object({ words: z.string() }),
  async look({ words }, { context, schema }) {
    const { comments } = context.generation.describe;
    const found = searchSchema(schema, dialectOf(schema.dialect.engine), words, {
      comments,
      most: mostTables,
    });
    const text = foundTablesText(found, { comments, counts: false });
    return {
      text: found.found === 0 ? 'No table has these words.' : text,
      gist: `${found.found} of ${found.total} tables`,
    };
  },
});

const describeTableTool = define({
  name: 'describe_table',
  description: 'Columns, types and keys of tables.',
  input: z.object({ tables: z.union([z.array(z.string()), z.string().transform((name) => [name])]) }),
  async look({ tables: names }, { context, schema }) {
    const dialect = dialectOf(schema.dialect.engine);
    const { readProfiles } = context.knowledge;
    const { tables } = describeTables(schema, dialect, names, context.generation.describe);
    const profiles = readProfiles === null ? null : await readProfiles(schema, tables);
    const { text, unknown } = describeTables(schema, dialect, names, {
      ...context.generation.describe,
      profiles,
    });
    const missing = unknown.map(
      ({ name, near }) => `There is no table ${name}.${near === null ? '' : ` Did you mean ${near}?`}`,
    );
    return {
      text: [text, ...missing].filter((part) => part !== '').join('\n'),
      gist: tables.length === 0 ? 'no such table' : tables.map(({ name }) => name).join(', '),
    };
  },
});

const findValuesTool = define({
  name: 'find_values',
  description: 'Tells whether a column stores a text.',
  input: z.object({ text: z.string().min(1), column: z.string().describe('table.column').nullish() }),
  async look({ text, column }, { context, schema, signal }) {
    const { generation, knowledge, database } = context;
    const source = { database, schema, readValues: knowledge.readValues };
    const { values } = await findValues(source, text, column ?? null, signal);
    const mayTell = generation.sendValues || generation.sendRows;
    const lines = mayTell
      ? values.map(({ column: place, value }) => `${place} has ${JSON.stringify(value)}`)
      : [...Map.groupBy(values, (found) => found.column)].map(([place, found]) =>
          found.some(({ value }) => value === text)
            ? `${place} has it`
            : `${place} has a value like it, spelt otherwise`,
        );
    return {
      text: lines.length === 0 ? 'No column has a value like it.' : lines.join('\n'),
      gist: counted(new Set(values.map(({ column: place }) => place)).size, 'column'),
    };
  },
});

const trySqlTool = define({
  name: 'try_sql',
  description: 'Checks one SELECT: its error, or what it returns.',
  input: z.object({ sql: z.string().min(1) }),
  async look({ sql }, { context, schema, signal }) {
    const statement = await planStatement(context.database, sql, 'read', signal);
    if ('error' in statement) {
      return { text: problemText(context, schema, sql, statement), gist: 'refused' };
    }
    const { columns, tables } = statement.plan;
    const plan = `It can run. It reads ${tables.join(', ')} and returns the columns ${columns.map(({ name }) => name).join(', ')}.`;
    if (!context.generation.sendRows) {
      return { text: plan, gist: 'it can run' };
    }
    const tried = await rowsOf(context, sql, signal);
    return 'problem' in tried
      ? {
          text: problemText(context, schema, sql, { source: 'database', error: tried.problem }),
          gist: 'failed',
        }
      : { text: `${plan}\n${rowsText(tried)}`, gist: `${counted(tried.rows.length, 'row')} sent` };
  },
});

interface Tried {
  readonly rows: readonly Row[];
  readonly columns: readonly ResultColumn[];
}

async function rowsOf(
  { database }: AskContext,
  sql: string,
  signal: AbortSignal,
): Promise<Tried | { readonly problem: SqlqError }> {
  try {
    const { data, columns } = await database.run(sql, {
      render: { format: 'csv', csvSafe: false, width: null, color: false },
      destination: { kind: 'rows' },
      limit: mostRows,
      signal: AbortSignal.any([signal, AbortSignal.timeout(trialMs)]),
    });
    return { rows: data, columns };
  } catch (error) {
    signal.throwIfAborted();
    return {
      problem:
        error instanceof SqlqError
          ? error
          : new SqlqError('failed', `It took longer than ${trialMs / 1000} s.`, { cause: error }),
    };
  }
}

function rowsText({ rows, columns }: Tried): string {
  const lines = rows.map((row) =>
    JSON.stringify(columns.map((column, index) => valueText(row[index] ?? null, column))),
  );
  return lines.length === 0 ? 'No row.' : `The first rows:\n${lines.join('\n')}`;
}

const searchDocsTool = define({
  name: 'search_docs',
  description: 'What documents say of words: definitions, metrics.',
  input: z.object({ words: z.string().min(1) }),
  async look({ words }, { context, schema }) {
    const { searchDocuments: search } = context.knowledge;
    const found = search === null ? [] : await searchDocuments(search, schema, words);
    const texts = found.map((excerpt) => `From ${sourceOf(excerpt)}:\n${excerpt.text}`);
    context.report.data.sources = [...new Set([...context.report.data.sources, ...found.map(sourceOf)])];
    return {
      text: texts.length === 0 ? 'No document says anything of these words.' : texts.join('\n\n'),
      gist: texts.length === 0 ? 'nothing' : found.map(sourceOf).join('; '),
    };
  },
});

/** What a model may look with; documents, where there are some that it may be told of. */
export function lookToolsFor({ knowledge }: AskContext): readonly LookTool[] {
  return knowledge.searchDocuments === null ? lookTools : [...lookTools, searchDocsTool];
}

const lookTools: readonly LookTool[] = [searchSchemaTool, describeTableTool, findValuesTool, trySqlTool];

/** A tool as a model is offered it. */
export function definitionOf({ name, description, input }: LookTool): ToolDefinition {
  const { $schema: _dialect, ...parameters } = z.toJSONSchema(input, { io: 'input' });
  return { name, description, parameters };
}
