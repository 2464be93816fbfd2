import type { Connection } from '../session.ts';
import { lex } from './lex.ts';

/** One instruction of a prepared statement (https://sqlite.org/opcode.html). */
export interface Instruction {
  /** Counts from 0 again in each program of a trigger or a cascade, which follow the statement's own. */
  readonly addr: number;
  readonly opcode: string;
  readonly p1: number;
  readonly p2: number;
  readonly p3: number;
  readonly p4: string | null;
}

/** The bytecode of an admitted statement, which does not run; an EXPLAIN of the user's own is taken off first. */
export function programOf(connection: Connection, statement: string): Instruction[] {
  return connection.prepare<unknown[], Instruction>(`EXPLAIN ${statement}`).all(...unbound(statement));
}

/** Nothing for each placeholder: the driver wants something for all, even where nothing runs. */
export function unbound(statement: string): readonly Record<string, null>[] {
  const names = lex(statement).flatMap(({ kind, text }) => (kind === 'parameter' ? [text] : []));
  return names.length === 0 ? [] : [Object.fromEntries(names.map((name) => [name, null]))];
}

/** The functions that a statement calls, as the engine resolved them; those that it computes by itself are not among them. */
export function functionsCalled(connection: Connection, statement: string): string[] {
  return programOf(connection, statement)
    .filter(({ opcode }) => /^(Function|PureFunc|AggStep|AggInverse|AggFinal|AggValue)/.test(opcode))
    .map(({ p4 }) => (p4 ?? '').replace(/\(-?\d+\)$/, ''));
}

/** The tables that a statement reads, through views too, in the order in which it opens them. */
export function tablesRead(connection: Connection, statement: string): string[] {
  const program = programOf(connection, statement);
  const names = tablesByRootPage(connection);
  const virtual = program.some(({ opcode }) => opcode === 'VOpen')
    ? virtualTablesByAddress(connection)
    : new Map<string, string>();
  const found = program.map(({ opcode, p2, p3, p4 }) => {
    if (opcode === 'OpenRead' && p3 === 0) {
      return names.get(p2);
    }
    return opcode === 'VOpen' && p4 !== null ? virtual.get(p4) : undefined;
  });
  return [...new Set(found.filter((name) => name !== undefined))];
}

/** The tables that a statement writes itself, and those that only its triggers and cascades do. */
export function tablesWritten(
  connection: Connection,
  statement: string,
): { direct: string[]; indirect: string[] } {
  const names = tablesByRootPage(connection);
  const virtual = virtualTablesByAddress(connection);
  const direct = new Set<string>();
  const indirect = new Set<string>();
  let programs = 0;
  for (const { addr, opcode, p1, p2, p3, p4 } of programOf(connection, statement)) {
    if (addr === 0) {
      programs++;
    }
    const name =
      opcode === 'OpenWrite' && p3 === 0
        ? names.get(p2)
        : opcode === 'Clear' && p2 === 0
          ? names.get(p1)
          : opcode === 'VUpdate' && p4 !== null
            ? virtual.get(p4)
            : undefined;
    if (name === undefined || name.startsWith('sqlite_')) {
      continue;
    }
    if (programs === 1) {
      direct.add(name);
    } else if (!direct.has(name)) {
      indirect.add(name);
    }
  }
  return { direct: [...direct], indirect: [...indirect] };
}

/** Names of tables by the root pages of them and of their indexes; page 1 is the schema's own. */
function tablesByRootPage(connection: Connection): Map<number, string> {
  const rows = connection
    .prepare<[], { rootpage: number; tbl_name: string }>(
      'SELECT rootpage, tbl_name FROM main.sqlite_master WHERE rootpage > 0',
    )
    .all();
  return new Map([[1, 'sqlite_schema'], ...rows.map((row) => [row.rootpage, row.tbl_name] as const)]);
}

/** Names of virtual tables by the address that the bytecode of this connection shows for them. */
export function virtualTablesByAddress(connection: Connection): Map<string, string> {
  const names = connection
    .prepare<[], string>(
      "SELECT name FROM main.sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%' AND typeof(name) = 'text'",
    )
    .pluck()
    .all();
  return new Map(
    names.flatMap((name) => {
      const open = programOf(connection, `SELECT 1 FROM main."${name.replaceAll('"', '""')}"`).find(
        ({ opcode }) => opcode === 'VOpen',
      );
      return open?.p4 == null ? [] : [[open.p4, name] as const];
    }),
  );
}
