import type { AskContext, RunContext } from '../../ask/context.ts';
import { messageForModel } from '../../ask/prompt/privacy.ts';
import type { Plan } from '../../database/database.ts';
import { dialectOf } from '../../database/engines.ts';
import type { DatabaseClient } from '../../database/process/client.ts';
import type { Examination } from '../../database/process/protocol.ts';
import { SqlqError } from '../../errors.ts';
import type { ServedDatabase } from '../../mcp/workspace.ts';
import type { ValueIndex } from '../../model/model.ts';

/**
 * A database as somebody has it who may ask and not run: what they are told comes from its schema, and not from its rows. The
 * SQL is theirs to choose, by way of a model, so that whatever were looked up for it would answer any question of theirs:
 * that there is a doubt, how a value is spelt, what a model was shown. The engine on this machine looks words of the
 * question up all the same, or it could not answer; `toldTo` takes out what it finds.
 */
export function withoutRows(database: ServedDatabase): ServedDatabase {
  const client = sightless(database.client);
  const blind = <Context extends RunContext>(context: Context): Context => ({
    ...context,
    database: sightless(context.database),
    // What a limit is held against are numbers of rows; it is held once somebody runs the SQL.
    maxRowsScanned: null,
    maxCost: null,
  });
  return {
    ...database,
    client,
    telling: { ...database.telling, values: false, rows: false },
    runContext: (call) => blind(database.runContext(call)),
    changeContext: async (call) => blind(await database.changeContext(call)),
    async askContext(call, profile) {
      const context = blind(await database.askContext(call, profile));
      return context.generation.readsValues ? context : toldOfSchema(context);
    },
  };
}

/** A model that is told nothing of the rows can say nothing of them. */
function toldOfSchema(context: AskContext): AskContext {
  const { generation, knowledge } = context;
  return {
    ...context,
    generation: { ...generation, sendRows: false, sendValues: false },
    knowledge: {
      ...knowledge,
      readValues: async () => noValues,
      knownValues: null,
      readProfiles: null,
    },
  };
}

const noValues: ValueIndex = { valuesOf: () => null };

/**
 * A client that neither looks at the data nor runs anything. Planning computes, with rows where a table has one that fits: the
 * database's words for what it can't plan, and its estimates, are told without.
 */
function sightless(client: DatabaseClient): DatabaseClient {
  return {
    ...client,
    call(name, input, signal) {
      if (name === 'examine' || name === 'plan' || name === 'distinctValues') {
        throw new Error(`${name} tells of rows when it is called by its name`);
      }
      return client.call(name, input, signal);
    },
    async examine(statement, signal) {
      return unseen(
        await client.examine({ ...statement, isUnseen: true }, signal),
        statement.sql,
        client.engine,
      );
    },
    async plan(statement, signal) {
      return withoutEstimates(await client.plan({ ...statement, isUnseen: true }, signal));
    },
    async look({ probes }, { signal, onFound }) {
      signal.throwIfAborted();
      for (const _probe of probes) {
        onFound(null);
      }
      return probes.length;
    },
    distinctValues: async ({ columns }) => columns.map(() => null),
    async run() {
      throw new SqlqError('refused', 'Rows stay here: you may ask, and not run.');
    },
  };
}

function withoutEstimates(plan: Plan): Plan {
  return { ...plan, rows: null, rowsScanned: null, cost: null, text: '' };
}

function unseen({ verdict, plan, problem }: Examination, sql: string, engine: string): Examination {
  const { messages } = dialectOf(engine);
  return {
    verdict,
    plan: plan === null ? null : withoutEstimates(plan),
    problem:
      problem === null
        ? null
        : {
            ...problem,
            message: messageForModel(problem.message, problem.engineCode, sql, messages),
            hint: null,
          },
  };
}
