import { projectFolders } from '../../config/files/file.ts';
import type { CommandContext } from '../context.ts';

/** The folders in which a project's saved questions may lie, the nearest first. */
export function savedFolders({ workingDirectory, homeFolder }: CommandContext): Promise<readonly string[]> {
  return projectFolders(workingDirectory, homeFolder);
}
