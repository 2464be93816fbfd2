import type { DatabaseClient } from '../database/process/client.ts';
import { type Call, methodsOf } from '../database/process/operations.ts';
import { type Budget, timeIsUp } from './budget.ts';

/** Deadlines further off than this are none: a timer holds no more milliseconds. */
const longestTimer = 2 ** 31 - 1;

/** A client whose every call is paid for from a session's time, and is ended, at the server too, when that is used up. */
export function metered(client: DatabaseClient, budget: Budget): DatabaseClient {
  const paid = async <Value>(
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Value>,
  ): Promise<Value> => {
    const left = budget.timeLeft();
    if (left <= 0) {
      throw timeIsUp();
    }
    if (left > longestTimer) {
      return work(signal);
    }
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(timeIsUp()), left);
    const start = performance.now();
    try {
      return await work(AbortSignal.any([signal, deadline.signal]));
    } finally {
      clearTimeout(timer);
      budget.takeTime(performance.now() - start);
    }
  };
  const call: Call = (name, input, signal) => paid(signal, (within) => client.call(name, input, within));
  return {
    engine: client.engine,
    call,
    ...methodsOf(call),
    // A client may tell less by these than its process does.
    examine: (statement, outer) => paid(outer, (signal) => client.examine(statement, signal)),
    plan: (statement, outer) => paid(outer, (signal) => client.plan(statement, signal)),
    distinctValues: (request, outer) => paid(outer, (signal) => client.distinctValues(request, signal)),
    run: (sql, options) => paid(options.signal, (signal) => client.run(sql, { ...options, signal })),
    look: (request, options) =>
      paid(options.signal, (signal) => client.look(request, { ...options, signal })),
    close: () => client.close(),
  };
}
