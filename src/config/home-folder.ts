import { homedir, userInfo } from 'node:os';
import { isAbsolute } from 'node:path';

/** Where there is no home, as Debian has it for users without one. */
const none = '/nonexistent';

/**
 * The home folder of this process's user. A `HOME` that is empty or relative is none: it would be another one in every folder, and
 * whoever made that folder would have the settings that are trusted and the compiled code that is run.
 */
export function homeFolder(): string {
  try {
    const named = homedir();
    return isAbsolute(named) ? named : userInfo().homedir;
  } catch {
    // A user whom the system does not know.
    return none;
  }
}
