import { SqlqError } from '../../errors.ts';
import type { Adapter, OpenOptions } from '../database.ts';
import type { ServerTarget, Target } from '../target.ts';
import { killSession } from './cancel.ts';
import { openDatabase } from './connection.ts';

/** MySQL and MariaDB. */
export const mysql: Adapter = {
  open: (target, options: OpenOptions, signal) => openDatabase(serverOf(target), options, signal),
  cancelSession: (target, session) => killSession(serverOf(target), session),
};

function serverOf(target: Target): ServerTarget {
  if (target.engine !== 'mysql') throw new SqlqError('usage', `${target.engine} is not MySQL or MariaDB`);
  return target;
}
