import type { Adapter } from './database.ts';
import type { Target } from './target.ts';

/** The adapter of a target's engine; its driver is loaded only now. */
export async function adapterOf(target: Target): Promise<Adapter> {
  switch (target.engine) {
    case 'sqlite':
      return (await import('./sqlite/connect.ts')).sqlite;
    case 'postgres':
      return (await import('./postgres/connect.ts')).postgres;
    case 'mysql':
      return (await import('./mysql/connect.ts')).mysql;
  }
}
