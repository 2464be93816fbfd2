import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The Python of a folder with the packages of a requirements file, which are put there where nothing is there yet. */
export function pythonWith(
  requirements: string,
  name: string,
  venv = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), name),
): string {
  const program = join(venv, 'bin', 'python');
  if (!existsSync(program)) {
    execFileSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' });
    execFileSync(program, ['-m', 'pip', 'install', '--quiet', '-r', requirements], { stdio: 'inherit' });
  }
  return program;
}
