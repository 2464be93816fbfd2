import { resolve } from 'node:path';
import type { LoadContext } from '../../../config/load.ts';
import type { CommandContext } from '../../context.ts';
import type { ServeOptions } from './options.ts';

/** A server reads the settings of whoever runs it, and no file that merely lies in the folder that it is started in. */
export function onlyOwn(
  { config }: Pick<ServeOptions, 'config'>,
  { workingDirectory }: Pick<CommandContext, 'workingDirectory'>,
): NonNullable<LoadContext['only']> {
  return { file: config === undefined ? null : resolve(workingDirectory, config) };
}
