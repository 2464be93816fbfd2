import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf, SqlqError } from '../errors.ts';

const isYaml = (name: string): boolean => /\.ya?ml$/iu.test(name) && !/\.replies\.ya?ml$/iu.test(name);

/**
 * The files of suites: those that are named, and all YAML files below folders that are. Without names `sqlq.test.yaml`,
 * `*.sqlq.yaml` and what lies below `questions/` in the folder. Throws a SqlqError `usage` where there is none.
 */
export async function findSuites(names: readonly string[], folder: string): Promise<readonly string[]> {
  if (names.length === 0) {
    const here = await readdir(folder).catch((): string[] => []);
    const found = [
      ...here.filter((name) => /^sqlq\.test\.ya?ml$|\.sqlq\.ya?ml$/iu.test(name)).sort(),
      ...(here.includes('questions') ? await below('questions', folder) : []),
    ];
    if (found.length > 0) {
      return found;
    }
    throw new SqlqError('usage', 'There is no suite of questions here.', {
      hint: 'Name one, or write sqlq.test.yaml, something.sqlq.yaml or a file in questions/. sqlq test --help shows how.',
    });
  }
  const found: string[] = [];
  for (const name of names) {
    const files = await below(name, folder);
    if (files.length === 0) {
      throw new SqlqError('usage', `There is no suite in ${name}.`, { hint: 'A suite is a YAML file.' });
    }
    found.push(...files);
  }
  return [...new Set(found)];
}

/** A file itself, or the YAML files below a folder, in a stable order. */
async function below(name: string, folder: string): Promise<readonly string[]> {
  const path = resolve(folder, name);
  try {
    if (!(await stat(path)).isDirectory()) {
      return [name];
    }
    const inside = await readdir(path, { recursive: true });
    return inside
      .filter(isYaml)
      .sort()
      .map((file) => join(name, file));
  } catch (error) {
    throw new SqlqError('usage', `${name} can't be read: ${messageOf(error)}.`, {
      hint: 'Give the path of a suite, or of a folder with suites.',
      cause: error,
    });
  }
}
