import type { Doubt } from '../doubts/doubt.ts';
import { escapeLine } from '../render/escape.ts';
import { counted } from '../render/quantity.ts';
import type { Spelling } from '../schema/spelling.ts';
import { cancelled } from '../terminal/prompt.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type Language, languageOf } from '../words/language.ts';
import type { AskContext, RunContext } from './context.ts';
import { inLanguage } from './in-language.ts';
import { type PlannedStatement, planStatement } from './plan-statement.ts';
import { type DifferenceLine, differenceOf } from './show/difference.ts';
import { formatSql, highlightSql } from './show/format-sql.ts';

/** SQL that may run, with what it takes for granted. */
export interface Candidate {
  readonly statement: PlannedStatement;
  readonly assumptions: readonly string[];
  /** How whoever wrote it came to it, where they say so. */
  readonly reasoning?: string;
  /** The question's language, where it is known better than by its small words. */
  readonly language?: Language;
  /** The SQL before the user took another in its place that a look in the data came to; absent where they did not. */
  readonly written?: string;
  /** The user has written it as it is. */
  readonly isOwn?: boolean;
  /** What it was before stored spellings were put into it, and which; absent where none were. */
  readonly spelt?: {
    readonly statement: PlannedStatement;
    readonly assumptions: readonly string[];
    readonly spellings: readonly Spelling[];
  };
}

/** What the user wants done with the SQL that they were shown. */
export type Decision =
  | { readonly kind: 'run' }
  | { readonly kind: 'edit' }
  | { readonly kind: 'another'; readonly hint: string }
  /** What a doubt offers instead. */
  | { readonly kind: 'mended'; readonly sql: string }
  /** A stored spelling is not what is meant. */
  | { readonly kind: 'as-asked'; readonly spelling: Spelling };

/**
 * Shows SQL on stderr with what it assumes, which tables it reads and the planner's estimate of rows. In a terminal it
 * is shown as what changed since `before`, where it is built on that.
 */
export async function showCandidate(
  context: RunContext,
  candidate: Candidate,
  before: string | null = null,
): Promise<void> {
  const { terminal } = context;
  // Quiet or not: nobody is asked about SQL that they do not see.
  const isAskedAbout = !context.yes && !context.dryRun;
  if (terminal.quiet && !isAskedAbout) {
    return;
  }
  const { sql, plan } = candidate.statement;
  const text = terminal.escape(await formatSql(sql, context.database.engine));
  const changes =
    before === null || !terminal.streams.stderr.isTTY
      ? null
      : differenceOf(terminal.escape(await formatSql(before, context.database.engine)), text);
  // A dry run prints the SQL itself.
  if (!context.dryRun) {
    terminal.show(
      changes !== null
        ? `\n${changes.map((line) => changedLine(terminal, line)).join('\n')}\n`
        : `\n${terminal.color.stderr ? highlightSql(text) : text}\n`,
    );
  }
  const language = candidate.language ?? languageOf(context.report.data.question ?? '');
  for (const [index, assumption] of candidate.assumptions.entries()) {
    const said = await inLanguage(language, assumption);
    // A stored value in it could hold line breaks, and make lines that look like sqlq's own.
    terminal.warn(`${terminal.style('dim', `${index + 1}.`)} ${escapeLine(said)}`);
  }
  const facts: string[] = [];
  if (plan.tables.length > 0) {
    facts.push(`reads ${plan.tables.join(', ')}`);
  }
  if (plan.rows !== null) {
    facts.push(`about ${counted(Math.round(plan.rows), 'row')} expected`);
  }
  if (facts.length > 0) {
    const said = await Promise.all(facts.map((fact) => inLanguage(language, fact)));
    terminal.warn(terminal.style('dim', escapeLine(said.join(' · '))));
  }
  terminal.warn('');
}

function changedLine(terminal: Terminal, { kind, text }: DifferenceLine): string {
  if (kind === 'added') {
    return terminal.style('green', `+ ${text}`);
  }
  return kind === 'removed' ? terminal.style('red', `- ${text}`) : `  ${text}`;
}

/** Asks the user about the SQL that stands above. */
export async function review(
  context: AskContext,
  { assumptions, spelt }: Candidate,
  doubts: readonly Doubt[],
): Promise<Decision> {
  const mended = doubts
    .flatMap(({ kind, mendedSql }) => (mendedSql === null ? [] : [{ kind, sql: mendedSql }]))
    .map(({ kind, sql }, index) => ({
      label: `See it without the doubt (${kind})`,
      value: { kind: 'mended', sql } satisfies Decision,
      ...(index === 0 ? { key: 'm' } : {}),
    }));
  const spelled = (spelt?.spellings ?? []).map((spelling) => {
    const number = `${assumptions.indexOf(spelling.assumption) + 1}`;
    return {
      label: `Without assumption ${number}: '${escapeLine(spelling.asked)}' as it is`,
      value: { kind: 'as-asked', spelling } satisfies Decision,
      key: number,
    };
  });
  const choice = await context.prompts.select<Decision | 'another' | 'cancel'>('Run this query?', [
    { label: 'Run it', value: { kind: 'run' }, key: 'y' },
    ...mended,
    ...spelled,
    { label: 'Edit it first', value: { kind: 'edit' }, key: 'e' },
    { label: 'Ask for another, with a hint', value: 'another', key: 'a' },
    { label: 'Cancel', value: 'cancel', leaves: true },
  ]);
  switch (choice) {
    case 'another':
      return { kind: 'another', hint: await context.prompts.input('What should be different?') };
    case 'cancel':
      throw cancelled();
    default:
      return choice;
  }
}

/** The SQL as the user changes it; null where they leave it, or where the change is refused, of which they hear why. */
export async function editCandidate(
  context: AskContext,
  candidate: Candidate,
): Promise<PlannedStatement | null> {
  const { terminal } = context;
  const before = await formatSql(candidate.statement.sql, context.database.engine);
  const sql = await context.edit(before);
  if (sql === '' || sql.trim() === before.trim()) {
    return null;
  }
  const statement = await planStatement(context.database, sql, context.access, context.signal);
  if (!('error' in statement)) {
    return statement;
  }
  terminal.warn(terminal.style('red', terminal.escape(statement.error.message)));
  return null;
}
