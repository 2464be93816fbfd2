import { join } from 'node:path';
import { variable } from '../../../config/environment.ts';
import type { CommandContext } from '../../context.ts';

/** How a client starts this program. */
export interface Start {
  readonly command: string;
  readonly args: readonly string[];
}

/** A client that starts servers of the Model Context Protocol, and how it is told to. */
export interface McpClient {
  readonly title: string;
  readonly format: 'json' | 'toml';
  /** The file, in the project or at home. */
  readonly file: (context: CommandContext) => string;
  /** The key under which its servers stand by name. */
  readonly key: string;
  readonly entry: (start: Start) => Readonly<Record<string, unknown>>;
}

const plain = ({ command, args }: Start) => ({ command, args });

const inProject =
  (...parts: readonly string[]) =>
  ({ workingDirectory }: CommandContext): string =>
    join(workingDirectory, ...parts);

const atHome =
  (...parts: readonly string[]) =>
  ({ homeFolder }: CommandContext): string =>
    join(homeFolder, ...parts);

/**
 * The clients, each in a row; their own documentation says where their files lie and what stands in them (as of November
 * 2026).
 */
export const clients = {
  claude: {
    title: 'Claude Code',
    format: 'json',
    file: inProject('.mcp.json'),
    key: 'mcpServers',
    entry: plain,
  },
  'claude-desktop': {
    title: 'Claude Desktop',
    format: 'json',
    file: ({ environment, homeFolder }) => {
      const roaming = variable(environment, 'APPDATA');
      const folder =
        process.platform === 'darwin'
          ? join(homeFolder, 'Library', 'Application Support')
          : (roaming ?? join(homeFolder, '.config'));
      return join(folder, 'Claude', 'claude_desktop_config.json');
    },
    key: 'mcpServers',
    entry: plain,
  },
  cursor: {
    title: 'Cursor',
    format: 'json',
    file: inProject('.cursor', 'mcp.json'),
    key: 'mcpServers',
    entry: plain,
  },
  vscode: {
    title: 'VS Code',
    format: 'json',
    file: inProject('.vscode', 'mcp.json'),
    key: 'servers',
    entry: (start) => ({ type: 'stdio', ...plain(start) }),
  },
  codex: {
    title: 'Codex',
    format: 'toml',
    file: ({ environment, homeFolder }) =>
      join(variable(environment, 'CODEX_HOME') ?? join(homeFolder, '.codex'), 'config.toml'),
    key: 'mcp_servers',
    entry: plain,
  },
  gemini: {
    title: 'Gemini CLI',
    format: 'json',
    file: inProject('.gemini', 'settings.json'),
    key: 'mcpServers',
    entry: plain,
  },
  copilot: {
    title: 'GitHub Copilot CLI',
    format: 'json',
    file: atHome('.copilot', 'mcp-config.json'),
    key: 'mcpServers',
    entry: (start) => ({ type: 'local', ...plain(start), tools: ['*'] }),
  },
  windsurf: {
    title: 'Windsurf',
    format: 'json',
    file: atHome('.codeium', 'windsurf', 'mcp_config.json'),
    key: 'mcpServers',
    entry: plain,
  },
  zed: {
    title: 'Zed',
    format: 'json',
    file: atHome('.config', 'zed', 'settings.json'),
    key: 'context_servers',
    entry: (start) => ({ source: 'custom', ...plain(start) }),
  },
  opencode: {
    title: 'opencode',
    format: 'json',
    file: inProject('opencode.json'),
    key: 'mcp',
    entry: ({ command, args }) => ({ type: 'local', command: [command, ...args], enabled: true }),
  },
} as const satisfies Readonly<Record<string, McpClient>>;

export type ClientName = keyof typeof clients;

/** The names of the clients, in the order in which they are listed. */
export const clientNames: readonly ClientName[] = Object.keys(clients).filter(
  (name): name is ClientName => name in clients,
);
