import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LackingError, needProgram } from '../needs.ts';

/**
 * The Python of a folder with the packages of a requirements file, which are put there where nothing is there yet; throws
 * LackingError where that can't be done.
 */
export function pythonWith(
  requirements: string,
  name: string,
  venv = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), name),
): string {
  const program = join(venv, 'bin', 'python');
  if (!existsSync(program)) {
    needProgram('python3');
    const isNew = !existsSync(venv);
    try {
      execFileSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' });
      execFileSync(program, ['-m', 'pip', 'install', '--quiet', '-r', requirements], { stdio: 'inherit' });
    } catch {
      // Half of it would be taken for the whole the next time.
      if (isNew) {
        rmSync(venv, { recursive: true, force: true });
      }
      throw new LackingError(
        `It needs python3 with venv, and pip has to reach the packages of ${requirements}; what they say stands above.`,
      );
    }
  }
  return program;
}
