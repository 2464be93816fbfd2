import { defineCommand } from '../../command.ts';
import { serveOptions } from './options.ts';

/** `sqlq serve`: questions over HTTP, for a team. */
export const serve = defineCommand({
  name: 'serve',
  summary: 'answer questions over HTTP, for a team: an API, a page, and MCP behind one login',
  options: serveOptions,
  help: `On this machine alone it needs no users: it prints an address with a token. On any other address it wants users,
and TLS or a proxy before it that has it. It reads your own settings file or --config, and no file that merely lies in
the folder. SIGTERM lets what runs come to its end first; SIGHUP reads the settings anew. With --workers several processes answer, and
one that dies is replaced.

Examples:
  sqlq serve --db sample
  sqlq serve --config serve.yaml --databases all --port 0`,
  load: () => import('./run.ts'),
});
