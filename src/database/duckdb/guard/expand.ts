import type { Macro, Relation } from './catalog.ts';
import { type GuardContext, Refusal } from './context.ts';
import { generatedColumns, queryOfView } from './definitions.ts';
import { LexError } from './syntax/lex.ts';
import { fold, type QualifiedName } from './syntax/names.ts';
import { findAll, together } from './walk/find.ts';
import type { Call, Findings } from './walk/findings.ts';

/** A view, or the generated columns of a table, that a statement reads, with what stands in it. */
export interface Definition {
  readonly relation: Relation;
  readonly findings: Findings;
}

/** A statement with all that it brings in by name. */
export interface Expanded {
  /** The statement, with the bodies of the macros that it calls. */
  readonly statement: Findings;
  /** Views and tables that it reads, through others too. */
  readonly definitions: readonly Definition[];
}

/** Definitions that one statement may bring in, one through another. */
const mostDefinitions = 500;

/** Looks up what a statement brings in by name, until there is no more; throws a Refusal for what can't be read. */
export async function expand(context: GuardContext, statement: Findings): Promise<Expanded> {
  const own = await withMacros(context, statement);
  const definitions: Definition[] = [];
  const waiting = [own];
  const seen = new Set<Relation>();
  for (let findings = waiting.pop(); findings !== undefined; findings = waiting.pop()) {
    for (const relation of findings.relations.flatMap((name) => relationsNamed(context, name))) {
      if (seen.has(relation)) {
        continue;
      }
      seen.add(relation);
      if (seen.size > mostDefinitions) {
        throw new Refusal(`it reads more than ${mostDefinitions} tables and views`);
      }
      const definition = await definitionOf(context, relation);
      definitions.push(definition);
      waiting.push(definition.findings);
    }
  }
  return { statement: own, definitions };
}

/** What stands in a view or a table; throws a Refusal where it can't be read. */
export async function definitionOf(context: GuardContext, relation: Relation): Promise<Definition> {
  return { relation, findings: await withMacros(context, await findingsOf(context, relation)) };
}

/** The tables and views that a name may mean, in whatever database; a schema that is written must be theirs. */
export function relationsNamed(
  { catalog: { relations } }: GuardContext,
  { schema, name }: QualifiedName,
): readonly Relation[] {
  const wanted = fold(name);
  return relations.filter(
    (relation) =>
      fold(relation.name) === wanted &&
      // `a.t` may be the schema a or the database a.
      (schema === null || [relation.schema, relation.catalog].some((own) => fold(own) === fold(schema))),
  );
}

async function findingsOf(context: GuardContext, relation: Relation): Promise<Findings> {
  try {
    const texts =
      relation.kind === 'view'
        ? [queryOfView(relation.sql)]
        : [...generatedColumns(relation.sql).values()].map((expression) => `SELECT ${expression}`);
    return await findingsIn(context, texts, `The ${relation.kind} ${relation.name}`);
  } catch (error) {
    if (error instanceof LexError) {
      throw new Refusal(`The ${relation.kind} ${relation.name} is not understood`);
    }
    throw error;
  }
}

/** What the queries of some texts hold; throws a Refusal for one that is no single query. */
export async function findingsIn(
  { parser }: GuardContext,
  texts: readonly (string | null)[],
  what: string,
): Promise<Findings> {
  const all: Findings[] = [];
  for (const text of texts) {
    const parsed = text === null ? null : await parser.parse(text);
    if (parsed === null || 'kind' in parsed || parsed.length !== 1) {
      throw new Refusal(`${what} is not understood`);
    }
    all.push(findAll(parsed));
  }
  return together(all);
}

/**
 * Adds the bodies of the macros that are called, by each other too. A macro with the name of a function or operator of the
 * engine's own takes its place, in what the engine makes of a statement as well: it counts as called by all.
 */
async function withMacros(context: GuardContext, statement: Findings): Promise<Findings> {
  const { functions, macros } = context.catalog;
  if (macros.length === 0) {
    return statement;
  }
  const all = [statement];
  const seen = new Set<Macro>();
  const add = async (found: readonly Macro[]): Promise<void> => {
    for (const macro of found) {
      if (!seen.has(macro)) {
        seen.add(macro);
        const text = macro.isTable ? macro.definition : `SELECT ${macro.definition}`;
        all.push(await findingsIn(context, [text], `The macro ${macro.name}`));
      }
    }
  };
  await add(macros.filter(({ name }) => functions.has(fold(name))));
  for (let at = 0; at < all.length; at++) {
    for (const call of all[at]?.calls ?? []) {
      await add(macrosCalled(context, call));
    }
  }
  return together(all);
}

/** The macros that a call may mean; throws a Refusal where a default may be used, which the engine does not tell. */
function macrosCalled(
  { catalog: { macros } }: GuardContext,
  { name, argumentCount }: Call,
): readonly Macro[] {
  const named = macros.filter((macro) => fold(macro.name) === fold(name));
  if (named.length > 0 && !named.some(({ parameters }) => parameters.length === argumentCount)) {
    throw new Refusal(
      `it calls the macro ${name} without all of its arguments, and what stands for them is not told`,
    );
  }
  return named;
}
