import { SqlqError } from '../../errors.ts';
import { StateLostError } from '../state/state.ts';
import type { JobRecord, JobRecords } from './record.ts';

/** The room on the disk that a user's results take together, wherever they are written. */
export interface Space {
  /** Rejects with a SqlqError `limit` where a user has none left. */
  require(owner: string): Promise<void>;
  /**
   * Keeps room for a job that wants to take so many bytes in all; resolves to how many it may take, which may be more. Rejects
   * with a SqlqError `limit` where all jobs of its user would take more than they may.
   */
  reserve(job: Pick<JobRecord, 'id' | 'owner'>, bytes: number): Promise<number>;
}

/** Room is kept in such steps, so that not every write asks. */
const step = 8 * 2 ** 20;

/** Of several jobs at once each sees what the others have kept: together they never take more than there is. */
export function createSpace(records: JobRecords, mostBytesOfUser: number): Space {
  const taken = async (owner: string): Promise<number> =>
    (await records.of({ id: owner })).reduce((sum, one) => sum + spaceOf(one), 0);
  /** Whether there was room. What was kept and is too much is given back. */
  const keep = async ({ id, owner }: Pick<JobRecord, 'id' | 'owner'>, bytes: number): Promise<boolean> => {
    let before = 0;
    await records.change(id, (record) => {
      before = record.reserved;
      return { ...record, reserved: bytes };
    });
    if ((await taken(owner)) <= mostBytesOfUser) {
      return true;
    }
    await records.change(id, (record) => ({ ...record, reserved: before }));
    return false;
  };
  return {
    async require(owner) {
      if ((await taken(owner)) >= mostBytesOfUser) {
        throw full();
      }
    },
    async reserve(job, bytes) {
      try {
        for (const wanted of [Math.ceil(bytes / step) * step, bytes]) {
          if (await keep(job, wanted)) {
            return wanted;
          }
        }
      } catch (error) {
        if (error instanceof StateLostError) {
          // What runs goes on while nobody can be asked, and asks again with its next write.
          return bytes;
        }
        throw error;
      }
      throw full();
    },
  };
}

function spaceOf({ state, bytes, reserved }: JobRecord): number {
  return state === 'done' ? bytes : reserved;
}

function full(): SqlqError {
  return new SqlqError('limit', 'The results of your jobs take as much room as they may.', {
    hint: 'Throw some away first: DELETE /v1/jobs/{id}',
  });
}
