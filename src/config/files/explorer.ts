import { readFile } from 'node:fs/promises';
import type { Loader } from 'cosmiconfig';
import { Explorer } from 'cosmiconfig/dist/Explorer.js';
import { settingsNames } from './file-names.ts';
import { parseYaml } from './yaml.ts';

/** What a loader hands on: the file's contents a level down, where a key of theirs means nothing to cosmiconfig. */
interface Contents {
  readonly contents: unknown;
}

/**
 * cosmiconfig without anything that runs: its `Explorer` takes its options from here alone, while `cosmiconfig()` would look
 * for more of them in `.config/config.js` of the working folder; it has loaders for JSON and YAML and no others; and
 * `$import`, which would be followed to any file, is a key of a file's contents like any other.
 */
const explorer = new Explorer({
  moduleName: 'sqlq',
  searchPlaces: [...settingsNames],
  searchStrategy: 'none',
  ignoreEmptySearchPlaces: false,
  cache: false,
  loaders: {
    noExt: loader(readEither),
    '.json': loader(readJson),
    '.yaml': loader(readYaml),
    '.yml': loader(readYaml),
  },
  transform: (result) => result,
  metaConfigFilePath: null,
  mergeImportArrays: false,
  mergeSearchPlaces: false,
});

/**
 * The settings file of a folder and its contents, unchecked; null where there is none that can be read. Rejects with what
 * a parser threw.
 */
export async function exploreFolder(
  folder: string,
): Promise<{ readonly path: string; readonly contents: unknown } | null> {
  const found = await explorer.search(folder);
  if (found === null) {
    return null;
  }
  const loaded: Contents | undefined = found.config;
  return { path: found.filepath, contents: loaded?.contents ?? {} };
}

/** The settings file of a path and its contents, unchecked; null where it is empty. Rejects with what a parser threw. */
export async function exploreFile(
  path: string,
): Promise<{ readonly path: string; readonly contents: unknown } | null> {
  const found = await explorer.load(path);
  if (found === null) {
    return null;
  }
  const loaded: Contents | undefined = found.config;
  return { path: found.filepath, contents: loaded?.contents ?? {} };
}

function loader(read: (text: string) => unknown): Loader {
  return async (path, text): Promise<Contents> => {
    // PowerShell of Windows writes UTF-16, whose mark is no UTF-8.
    const whole = text.startsWith('\uFFFD\uFFFD') ? decodeUtf16(await readFile(path)) : text;
    return { contents: await read(whole.replace(/^\uFEFF/u, '')) };
  };
}

function decodeUtf16(bytes: Uint8Array): string {
  return new TextDecoder(bytes[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes);
}

function readJson(text: string): unknown {
  return JSON.parse(text);
}

async function readYaml(text: string): Promise<unknown> {
  return (await parseYaml(text)).value;
}

/** YAML holds JSON; what is JSON needs no parser of YAML. */
function readEither(text: string): unknown {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return readYaml(text);
    }
    throw error;
  }
}
