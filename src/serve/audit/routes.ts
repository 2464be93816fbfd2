import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import '../access.ts';
import { auditQuerySchema, auditSchema } from '../api/audit.ts';
import { recentRecords } from './recent.ts';

/** `GET /v1/audit`: what was written down, for admins. */
export function auditRoutes(folder: string): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.withTypeProvider<ZodTypeProvider>().get(
      '/v1/audit',
      {
        config: { role: 'admin' },
        schema: {
          tags: ['users'],
          summary: 'Who asked and ran what of this machine, the newest first',
          querystring: auditQuerySchema,
          response: { 200: auditSchema },
        },
      },
      async ({ query: { limit, before } }) => ({
        records: [...(await recentRecords(folder, limit, before))],
      }),
    );
  };
}
