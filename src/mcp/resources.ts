import { type McpServer, ResourceNotFoundError, ResourceTemplate } from '@modelcontextprotocol/server';
import { dialectOf } from '../database/engines.ts';
import { writeSaved } from '../memory/saved.ts';
import { describeSchema } from '../schema/describe.ts';
import type { Session } from './session.ts';
import { createCleaner } from './text.ts';

/** What can be read besides calling a tool: the schema and the notes of each database, and the saved questions. */
export function registerResources(server: McpServer, session: Session): void {
  const { workspace } = session;
  const told = (uri: URL, text: string) => {
    const clean = createCleaner().clean(text);
    workspace.ledger.told({
      tool: 'resources/read',
      database: null,
      arguments: { uri: uri.href },
      result: clean,
      exitCode: 0,
      milliseconds: 0,
      rows: 0,
    });
    return { contents: [{ uri: uri.href, mimeType: 'text/plain', text: clean }] };
  };
  for (const name of workspace.databases) {
    const place = `sqlq://${encodeURIComponent(name)}`;
    server.registerResource(
      `${name} schema`,
      `${place}/schema`,
      { description: `Tables, columns, types and keys of ${name}`, mimeType: 'text/plain' },
      async (uri, { mcpReq: { signal } }) => {
        const database = await workspace.open(name, signal);
        const schema = await database.readSchema(signal);
        return told(
          uri,
          describeSchema(schema, dialectOf(schema.dialect.engine), {
            comments: database.telling.comments,
            defaults: database.telling.defaults,
          }),
        );
      },
    );
    server.registerResource(
      `${name} notes`,
      `${place}/notes`,
      { description: `What words mean in ${name}`, mimeType: 'text/plain' },
      async (uri, { mcpReq: { signal } }) => {
        const { notes } = await workspace.open(name, signal);
        return told(
          uri,
          notes.map(({ term, meaning }) => (term === '' ? meaning : `${term}: ${meaning}`)).join('\n'),
        );
      },
    );
  }
  server.registerResource(
    'saved question',
    new ResourceTemplate('sqlq-saved:{name}', {
      list: async () => ({
        resources: (await workspace.savedQuestions()).map(({ name, saved }) => ({
          uri: `sqlq-saved:${encodeURIComponent(name)}`,
          name,
          description: createCleaner().clean(saved.question),
        })),
      }),
    }),
    { description: 'A question that the project keeps, with its SQL', mimeType: 'text/plain' },
    async (uri, { name }) => {
      const wanted = decodeURIComponent(String(name));
      const found = (await workspace.savedQuestions()).find((each) => each.name === wanted);
      if (found === undefined) {
        throw new ResourceNotFoundError(uri.href);
      }
      return told(uri, writeSaved(found.saved));
    },
  );
}
