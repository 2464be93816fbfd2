import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type ElicitResult } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import * as z from 'zod';
import { emptyEnvironment, programFile } from './program.ts';

/** The protocol's two ways to open a session: of 2026-07-28, and the handshake of those before. */
export const eras = ['2026-07-28', '2025-11-25'] as const;

export type Era = (typeof eras)[number];

export interface ConnectOptions {
  readonly era?: Era;
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** Answers a question to the user; without it the client says that it can ask nobody. */
  readonly onAsk?: (message: string) => ElicitResult | Promise<ElicitResult>;
}

/** What a tool told. */
export interface Told {
  readonly text: string;
  readonly isError: boolean;
  readonly structured: Readonly<Record<string, unknown>>;
}

/** A session with `sqlq mcp`, as an agent's client has it. */
export interface McpSession {
  readonly client: Client;
  readonly folder: string;
  stderr(): string;
  /** The process of the server. */
  readonly pid: number;
  call(
    name: string,
    args?: Readonly<Record<string, unknown>>,
    options?: Parameters<Client['callTool']>[1],
  ): Promise<Told>;
  close(): Promise<void>;
}

const textContent = z.array(z.object({ type: z.literal('text'), text: z.string() }));

/** Starts `sqlq mcp` and opens a session with the official client. */
export async function connectMcp(args: readonly string[], options: ConnectOptions = {}): Promise<McpSession> {
  const { era = '2026-07-28', onAsk } = options;
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'sqlq-mcp-'));
  const client = new Client(
    { name: 'test', version: '1' },
    {
      capabilities: onAsk === undefined ? {} : { elicitation: { form: {} } },
      versionNegotiation: { mode: era === '2026-07-28' ? { pin: era } : 'legacy' },
    },
  );
  if (onAsk !== undefined) {
    client.setRequestHandler('elicitation/create', ({ params }) => onAsk(params.message));
  }
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [programFile, 'mcp', ...args],
    env: { ...emptyEnvironment(), ...options.environment },
    cwd: folder,
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  await client.connect(transport);
  return {
    client,
    folder,
    stderr: () => stderr,
    pid: transport.pid ?? 0,
    async call(name, given = {}, callOptions) {
      const result = await client.callTool({ name, arguments: { ...given } }, callOptions);
      return {
        text: textContent
          .parse(result.content)
          .map(({ text }) => text)
          .join('\n'),
        isError: result.isError === true,
        structured: z.record(z.string(), z.unknown()).parse(result.structuredContent ?? {}),
      };
    },
    close: () => client.close(),
  };
}
