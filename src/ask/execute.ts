import type { ResultColumn, Row, ServerWarning } from '../database/database.ts';
import { dialectOf } from '../database/engines.ts';
import type { RunOptions } from '../database/process/client.ts';
import type { Doubt } from '../doubts/doubt.ts';
import { SqlqError } from '../errors.ts';
import { requireFile } from '../render/choose-format.ts';
import { definitionOf } from '../render/format.ts';
import { counted, duration } from '../render/quantity.ts';
import type { Page } from '../render/renderer.ts';
import { rowLimit } from '../render/row-limit.ts';
import { withLiterals } from '../schema/literals.ts';
import { cancelled } from '../terminal/prompt.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { languageOf } from '../words/language.ts';
import type { Delivery, RunContext } from './context.ts';
import { serverWarning, showDoubt } from './doubts.ts';
import { inLanguage } from './in-language.ts';
import type { PlannedStatement } from './plan-statement.ts';
import { requireRoom } from './row-count.ts';
import { formatSql } from './show/format-sql.ts';
import { paged } from './show/paged.ts';

/** What was delivered; both are empty where no rows came. */
export interface Executed {
  readonly columns: readonly ResultColumn[];
  /** The rows that `Delivery.keep` or `Delivery.collect` wanted. */
  readonly kept: readonly Row[];
  /** How many rows there were; null where none were asked for. */
  readonly rows: number | null;
  /** There are more than these: the limit was passed, or the reader of stdout went away. */
  readonly truncated: boolean;
  /** Reasons to doubt what was delivered that were not known before: what the server warned of, and rows that were cut. */
  readonly doubts?: readonly Doubt[];
}

const nothing: Executed = { columns: [], kept: [], rows: null, truncated: false };

/** Runs checked SQL and writes its rows, or the SQL alone on a dry run. */
export async function execute(context: RunContext, statement: PlannedStatement): Promise<Executed> {
  const { terminal, report } = context;
  for (const warning of statement.plan.warnings ?? []) {
    report.data.warnings.push(warning);
    // As a doubt it has been said.
    if (context.doubts === null || statement.kind !== 'read') {
      terminal.warn(terminal.style('yellow', terminal.escape(warning)));
    }
  }
  if (context.dryRun) {
    const { engine } = context.database;
    const sql = withLiterals(statement.sql, statement.parameters, dialectOf(engine));
    await terminal.print(`${await formatSql(sql, engine)}\n`);
    return nothing;
  }
  if (statement.kind !== 'read') {
    await change(context, statement);
    return nothing;
  }
  const { delivery, database, signal } = context;
  requirePlaceFor(delivery, terminal);
  const start = performance.now();
  terminal.progress.step('Running the query');
  const { format, csvSafe, output, into, collect = false } = delivery;
  const toTerminal = output === null && into === undefined && terminal.width !== null;
  const limit = rowLimit(format, delivery.limit, toTerminal);
  await requireRoom(context, statement);
  const page = definitionOf(format).isPage === true ? await pageOf(context, statement) : null;
  // In a window of a few columns a pager shows nothing more.
  const isWide = (terminal.width ?? 0) >= 20;
  const pager = toTerminal && isWide && definitionOf(format).fitsWindow !== true ? context.pager : null;
  const run = (file: string | null) =>
    database.run(statement.sql, {
      parameters: statement.parameters,
      render: {
        format,
        csvSafe,
        // A pager has room to the right.
        width:
          pager !== null && format === 'table'
            ? Number.POSITIVE_INFINITY
            : toTerminal
              ? terminal.width
              : null,
        color: toTerminal && terminal.color.stdout,
        ascii: !terminal.unicode,
        height: toTerminal ? (terminal.streams.stdout.rows ?? null) : null,
        ...(page === null ? {} : { page }),
        ...(delivery.asLists === true ? { asLists: true } : {}),
      },
      destination: destinationOf(delivery, file),
      limit,
      keep: delivery.keep ?? 0,
      ...(delivery.mostBytes === undefined ? {} : { mostBytes: delivery.mostBytes }),
      signal,
      onProgress({ rows }) {
        delivery.onRows?.(rows);
        terminal.progress.step(`Running the query: ${rows.toLocaleString('en')} rows`);
      },
      ...(file === null && toTerminal ? { beforePrint: () => terminal.progress.stop() } : {}),
    });
  const summary = await (pager === null
    ? report.time('run', () => run(output))
    : paged(pager, async (file) => {
        const written = await report.time('run', () => run(file));
        terminal.progress.stop();
        return written;
      }));
  terminal.progress.stop();
  report.data.rows = summary.rows;
  report.data.truncated = summary.truncated;
  const ofServer: readonly Doubt[] = (summary.warnings ?? []).map((warning) =>
    serverWarning(textOf(warning)),
  );
  report.data.warnings.push(...ofServer.map(({ sentence }) => sentence));
  const language = languageOf(report.data.question ?? '');
  const isSaid = report.data.doubts.some(({ kind }) => kind === 'cut');
  const cut =
    summary.truncated && !isSaid
      ? [cutAfter(summary.rows, await inLanguage(language, textOfCut(summary.rows)))]
      : [];
  // Where nobody named a limit, a screen has one: that is no reason to doubt what it shows.
  const doubts = [...ofServer, ...(delivery.limit === null ? [] : cut)];
  for (const said of [...ofServer, ...(summary.closed || collect ? [] : cut)]) {
    if (context.doubts !== null && doubts.includes(said)) {
      showDoubt(terminal, said.sentence, language);
    } else {
      terminal.warn(terminal.style('yellow', terminal.escape(said.sentence)));
    }
  }
  const delivered = {
    columns: summary.columns,
    kept: summary.data,
    rows: summary.rows,
    truncated: summary.truncated || summary.closed,
    doubts,
  };
  if (summary.closed || collect) {
    return delivered;
  }
  for (const note of summary.notes ?? []) {
    terminal.warn(terminal.style('yellow', terminal.escape(note)));
  }
  if (terminal.streams.stderr.isTTY || delivery.output !== null) {
    const where = delivery.output === null ? '' : ` in ${terminal.escape(delivery.output)}`;
    terminal.note(
      terminal.style(
        'dim',
        `${counted(summary.rows, 'row')}${where}, ${duration(performance.now() - start)}`,
      ),
    );
  }
  return delivered;
}

function destinationOf({ collect, into }: Delivery, file: string | null): RunOptions['destination'] {
  if (collect === true) {
    return { kind: 'rows' };
  }
  if (into !== undefined) {
    return { kind: 'stream', into };
  }
  return file === null ? { kind: 'stdout' } : { kind: 'file', path: file };
}

const textOfCut = (rows: number): string =>
  `There are more rows than the ${rows.toLocaleString('en')} shown: raise --limit.`;

function cutAfter(rows: number, sentence: string): Doubt {
  return { kind: 'cut', sentence, evidence: { shown: rows }, mendedSql: null };
}

function textOf({ code, message, count }: ServerWarning): string {
  if (code === '') {
    return message;
  }
  const others = count > 1 ? `, and ${(count - 1).toLocaleString('en')} more like it` : '';
  return `The server warns: ${message} (${code})${others}`;
}

/** Refuses to fill a terminal's screen with what is for a file. Throws a SqlqError `usage`. */
export function requirePlaceFor({ format, output, into, collect }: Delivery, terminal: Terminal): void {
  if (output === null && into === undefined && collect !== true && terminal.width !== null) {
    requireFile(format);
  }
}

/** What a page says of how its rows came about. */
async function pageOf({ database, place, report }: RunContext, { sql }: PlannedStatement): Promise<Page> {
  return {
    question: report.data.question,
    sql: await formatSql(sql, database.engine),
    database: place,
    assumptions: report.data.assumptions,
    time: new Date().toISOString(),
  };
}

/** Runs one changing statement in a transaction, shows what it changed, and asks before it stays. */
async function change(context: RunContext, statement: PlannedStatement): Promise<void> {
  const { database, terminal, report, signal } = context;
  if (!context.yes && !terminal.interactive) {
    throw new SqlqError('usage', 'A change needs your consent, and there is no terminal to ask on.', {
      hint: 'Add --yes to commit it without asking.',
    });
  }
  // What can't be taken back is asked about before it is done.
  const isFinal = statement.kind === 'ddl' && dialectOf(database.engine).commitsDefinitions;
  if (isFinal && !context.yes) {
    terminal.show(`\n${terminal.escape(await formatSql(statement.sql, database.engine))}\n`);
    terminal.warn(
      terminal.escape(
        statement.plan.commitsItself ??
          'The database commits such a statement at once: it can not be taken back.',
      ),
    );
    if (!(await context.prompts.confirm('Run it?'))) {
      throw cancelled();
    }
  }
  terminal.progress.step('Running the change');
  const pending = await report.time('run', () =>
    database.beginWrite({ sql: statement.sql, parameters: statement.parameters }, signal),
  );
  terminal.progress.stop();
  for (const { table, rows } of pending.changes) {
    terminal.warn(
      `${terminal.escape(table)}: ${rows === null ? 'changed' : `${counted(rows, 'row')} changed`}`,
    );
  }
  for (const note of pending.notes) {
    terminal.warn(terminal.escape(note));
  }
  report.data.rows = pending.changes.reduce((sum, { rows }) => sum + (rows ?? 0), 0);
  if (pending.committed) {
    terminal.warn('The database has committed this statement by itself; it can not be taken back.');
    return;
  }
  try {
    if (!context.yes && !(await context.prompts.confirm('Keep this change?'))) {
      throw cancelled();
    }
  } catch (error) {
    // The run may be ending already; the rollback is not.
    const lasting = await database.rollback(AbortSignal.timeout(10_000));
    terminal.warn(
      lasting.length === 0 ? 'Rolled back: nothing has changed.' : `Rolled back. ${lasting.join(' ')}`,
    );
    throw error;
  }
  terminal.progress.step('Committing');
  await report.time('commit', () => database.commit(signal));
  terminal.progress.stop();
  terminal.note('Committed.');
}
