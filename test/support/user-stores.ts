import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { postgresTarget, runPostgres, uniquePostgresName } from './postgres-engine.ts';

/** A place for users that a test owns: what `--users` is given. */
export interface UserPlace {
  readonly place: string;
  drop(): Promise<void>;
}

/** Where users can be kept. */
export const userStores: readonly { readonly name: string; make(): Promise<UserPlace> }[] = [
  {
    name: 'SQLite',
    async make() {
      const folder = await mkdtemp(join(tmpdir(), 'sqlq-users-'));
      return { place: join(folder, 'own', 'users.sqlite'), drop: () => rm(folder, { recursive: true }) };
    },
  },
  {
    name: 'PostgreSQL',
    async make() {
      const server = inject('postgresUrl') ?? '';
      const database = uniquePostgresName('users');
      await runPostgres(postgresTarget(server), [`CREATE DATABASE ${database}`]);
      const place = new URL(server);
      place.pathname = `/${database}`;
      return {
        place: place.href,
        drop: () => runPostgres(postgresTarget(server), [`DROP DATABASE ${database} WITH (FORCE)`]),
      };
    },
  },
];
