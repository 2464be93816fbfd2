import type { LoadContext } from '../../../config/load.ts';
import type { ServeOptions } from './options.ts';

/** A server reads the settings of whoever runs it, and no file that merely lies in the folder that it is started in. */
export function onlyOwn({ config }: Pick<ServeOptions, 'config'>): NonNullable<LoadContext['only']> {
  return { file: config ?? null };
}
