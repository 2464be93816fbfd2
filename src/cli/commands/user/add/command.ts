import { defineCommand } from '../../../command.ts';
import { rightsOptions } from '../options.ts';

/** `sqlq user add`. */
export const add = defineCommand({
  name: 'add',
  summary: 'add a user, whose password is asked for',
  argument: { words: '<name>', description: 'letters, digits, and . _ @ + - between them' },
  options: rightsOptions,
  load: () => import('./run.ts'),
});
