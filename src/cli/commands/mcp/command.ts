import { defineCommand } from '../../command.ts';
import { mcpOptions } from './options.ts';

/** `sqlq mcp`: the tools of sqlq for an agent. */
export const mcp = defineCommand({
  name: 'mcp',
  summary:
    'serve schema, values, guarded queries and answers to an agent, by MCP on standard input and output',
  options: mcpOptions,
  help: `The caller is a model: what --send allows is what it is told. Where nobody has set that, rows are told too.
With --write it may ask for changes; each is shown to a person, through the client, before it is kept.

Examples:
  sqlq mcp --db sample --install claude
  sqlq mcp --db sample --install cursor --apply
  sqlq mcp --db sample --save-to . --max-rows 10000 --max-time 10m`,
  load: () => import('./run.ts'),
});
