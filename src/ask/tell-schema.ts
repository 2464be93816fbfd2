import { dialectOf } from '../database/engines.ts';
import type { Excerpt } from '../knowledge/excerpt.ts';
import { type DescribeOptions, describeSchema } from '../schema/describe.ts';
import type { Naming } from '../schema/identifier.ts';
import { linkSchema } from '../schema/link/link.ts';
import type { Profiles } from '../schema/profile/column-profile.ts';
import type { Schema, Table } from '../schema/schema.ts';
import type { AskContext, AskedQuestion } from './context.ts';
import { sendable } from './prompt/privacy.ts';

/** What a model is told of a schema. */
export interface ToldSchema {
  /** The part of it that is told. */
  readonly schema: Schema;
  /** As it stands in the prompt. */
  readonly text: string;
  /** The same without what changes with the rows. */
  readonly lastingText: string;
  /** How many tables that is, and how many there are. */
  readonly tables: number;
  readonly total: number;
  /** Some are left out, and the model may ask for them. */
  readonly mayNeedTables: boolean;
}

/** Which part of the room for the schema is kept for what is so of its rows, where not all tables fit. */
const shareOfFacts = 0.15;
/**
 * What the model looks up may take as much as this part of the room for the schema. It is taken of what is kept for the
 * reply, which is far more than an answer needs.
 */
const shareOfLooks = 0.2;
/** How often it may look where not all tables fit, unless somebody says how often. */
const usualLookSteps = 6;

/** How far a model may look before it answers, in calls and in characters of what it is told; null where it may not. */
export function lookLimits(
  { generation }: AskContext,
  told: ToldSchema | null,
): { readonly steps: number; readonly room: number } | null {
  if (told === null) {
    return null;
  }
  const steps = generation.lookSteps ?? (told.tables < told.total ? usualLookSteps : 0);
  return steps === 0 ? null : { steps, room: generation.schemaBudget * shareOfLooks };
}

/**
 * Cuts the schema to what fits the model's window and the question, and adds what is so of the rows of its tables.
 * `wanted` are tables that the model has asked for; null where it has not yet.
 */
export async function tellSchema(
  context: AskContext,
  asked: AskedQuestion,
  wanted: readonly string[] | null = null,
): Promise<ToldSchema> {
  const { generation, knowledge, turn, report } = context;
  const { schema, question, recalled, values = [], stored = [] } = asked;
  const { examples, notes, documents } = recalled;
  const previous = sendable(turn.previous, question, generation.sendRows);
  // What a follow-up is about often stands in the query before alone.
  const background = [
    ...(previous === null ? [] : [previous.question, previous.sql]),
    ...notes.flatMap(({ term, meaning }) => [term, meaning]),
    ...examples.map(({ sql }) => sql),
    ...tablesNamedIn(schema, documents),
  ];
  const naming = dialectOf(schema.dialect.engine);
  const room =
    generation.schemaBudget -
    JSON.stringify([examples, notes, values.map(({ place, value }) => [place, value]), ...documents]).length;
  const { readProfiles } = knowledge;
  const whole = describeSchema(schema, naming, generation.describe).length;
  const budget = whole <= room ? room : room * (1 - shareOfFacts);
  const linked = linkSchema(
    schema,
    naming,
    { question, background, stored, budget, wanted: wanted ?? [] },
    generation.describe,
  );
  const { rest } = linked;
  const withRest = (text: string): string => (rest === '' ? text : `${text}\n${rest}`);
  const { tables } = linked.schema;
  const profiles =
    readProfiles === null ? null : await report.time('profiles', () => readProfiles(schema, tables));
  const options = { ...generation.describe, profiles };
  const text = describeSchema(linked.schema, naming, {
    ...options,
    profiles:
      profiles === null ? null : fitting(profiles, linked.schema, naming, options, room - rest.length),
  });
  const lastingText = describeSchema(linked.schema, naming, generation.describe);
  return {
    schema: linked.schema,
    text: withRest(text),
    lastingText: withRest(lastingText),
    tables: linked.told,
    total: linked.total,
    mayNeedTables: linked.told < linked.total && wanted === null,
  };
}

/** Facts of as many tables as there is room for, in their order. */
function fitting(
  profiles: Profiles,
  schema: Schema,
  naming: Naming,
  options: DescribeOptions,
  room: number,
): Profiles {
  const sizeOf = (table: Table, some: Profiles | null): number =>
    describeSchema({ ...schema, tables: [table] }, naming, { ...options, profiles: some }).length + 1;
  const plain = schema.tables.map((table) => sizeOf(table, null));
  let left = room - plain.reduce((sum, size) => sum + size, 0);
  const told = new Set<string>();
  for (const [index, table] of schema.tables.entries()) {
    const more = sizeOf(table, profiles) - (plain[index] ?? 0);
    if (more <= left) {
      left -= more;
      told.add(JSON.stringify([table.schema, table.name]));
    }
  }
  const isTold = (place: string, name: string): boolean => told.has(JSON.stringify([place, name]));
  return {
    profileOf: (place, name) => (isTold(place, name) ? profiles.profileOf(place, name) : null),
    samplesOf: (place, name) => (isTold(place, name) ? profiles.samplesOf(place, name) : null),
  };
}

/** The tables that documents name: what they say of a word is often where it is. */
function tablesNamedIn({ tables }: Schema, documents: readonly Excerpt[]): readonly string[] {
  const text = documents.map(({ headings, text: own }) => [...headings, own].join('\n')).join('\n');
  const names = new Set((text.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []).map((name) => name.toLowerCase()));
  return tables.filter(({ name }) => names.has(name.toLowerCase())).map(({ name }) => name);
}
