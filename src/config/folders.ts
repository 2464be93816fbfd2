import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Environment, variable } from './environment.ts';

/** Where sqlq keeps what is its own. None of them need exist; `writePrivateFile` makes them, 0700. */
export interface Folders {
  readonly home: string;
  /** The user's settings. */
  readonly config: string;
  /** What can be made again: schemas, stored values. */
  readonly cache: string;
  /** What can't, and is no setting: the rung that a server obeys, the salt of this installation. */
  readonly state: string;
}

/**
 * The folders of this platform: the XDG Base Directory Specification on Linux and wherever its variables are set, else
 * `~/Library` on macOS and AppData on Windows. A relative XDG path is ignored, as the specification asks.
 */
export function findFolders(environment: Environment, platform: NodeJS.Platform = process.platform): Folders {
  const home = variable(environment, platform === 'win32' ? 'USERPROFILE' : 'HOME') ?? homedir();
  const xdg = (name: string, otherwise: string): string => {
    const path = variable(environment, name);
    return join(path?.startsWith('/') ? path : otherwise, 'sqlq');
  };
  const usual = usualFolders(environment, platform, home);
  return {
    home,
    config: xdg('XDG_CONFIG_HOME', usual.config),
    cache: xdg('XDG_CACHE_HOME', usual.cache),
    state: xdg('XDG_STATE_HOME', usual.state),
  };
}

function usualFolders(
  environment: Environment,
  platform: NodeJS.Platform,
  home: string,
): Pick<Folders, 'config' | 'cache' | 'state'> {
  if (platform === 'darwin') {
    const support = join(home, 'Library', 'Application Support');
    return { config: support, cache: join(home, 'Library', 'Caches'), state: support };
  }
  if (platform === 'win32') {
    const local = variable(environment, 'LOCALAPPDATA') ?? join(home, 'AppData', 'Local');
    const roaming = variable(environment, 'APPDATA') ?? join(home, 'AppData', 'Roaming');
    return { config: roaming, cache: join(local, 'Cache'), state: local };
  }
  return {
    config: join(home, '.config'),
    cache: join(home, '.cache'),
    state: join(home, '.local', 'state'),
  };
}
