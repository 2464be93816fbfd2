import type { RedisAddress } from '../../config/redis.ts';
import type { SharedState } from './state.ts';

/**
 * Opens what workers and instances share: in Redis where there is one, else in a file of this machine. `onHealth` hears when Redis is
 * lost, or not there at first, and when it is back. Throws a SqlqError
 * where the file can't be opened, or Redis refuses the password.
 */
export async function openState(
  redis: RedisAddress | null,
  file: string,
  onHealth: (isHealthy: boolean) => void = () => {},
): Promise<SharedState> {
  if (redis === null) {
    const { openSqliteState } = await import('./sqlite.ts');
    return openSqliteState(file);
  }
  const { openRedisState } = await import('./redis.ts');
  return openRedisState(redis, onHealth);
}
