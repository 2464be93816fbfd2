import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';

/** What the build of the page writes of it: a row a file. */
const manifestSchema = z.array(
  z.object({ path: z.string(), file: z.string(), type: z.string(), etag: z.string() }),
);

/**
 * What the page may do: run its own scripts and ask its own server. Nothing in it is inline and nothing comes from elsewhere,
 * so that text of a database or a model that found a way into the document would still be no script.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const headers = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), clipboard-write=(self)',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** Encodings that each file is there in, the smallest first, with the ending of its name. */
const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/**
 * Serves the page from the folder that it was built into. Files under `/assets/` have names that change with what they hold,
 * and are kept for good; the page itself is asked for anew. Rejects where the folder does not hold a built page.
 */
export async function servePage(app: FastifyInstance, folder: string): Promise<void> {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
  for (const { path, file, type, etag } of manifest) {
    const plain = await readFile(join(folder, file));
    const compressed = await Promise.all(
      encodings.map(async ([name, ending]) => ({
        name,
        content: await readFile(join(folder, file + ending)),
      })),
    );
    const isPage = path === '/';
    const config = { isPublic: true, isUnlimited: true };
    app.get(path, { config, schema: { hide: true } }, (request, reply) => {
      reply.headers({
        ...headers,
        'cache-control': isPage ? 'no-cache' : 'public, max-age=31536000, immutable',
        etag: `"${etag}"`,
        vary: 'accept-encoding',
      });
      if (request.headers['if-none-match']?.includes(`"${etag}"`) === true) {
        return reply.code(304).send();
      }
      const found = compressed.find(({ name }) => accepts(request, name));
      return found === undefined
        ? send(reply, type, plain)
        : send(reply.header('content-encoding', found.name), type, found.content);
    });
  }
}

function send(reply: FastifyReply, type: string, content: Buffer): FastifyReply {
  return reply.type(type).send(content);
}

/** Whether a request takes an encoding, as RFC 9110 has it: by its name, and not with a weight of nothing. */
function accepts(request: FastifyRequest, encoding: string): boolean {
  const accepted = request.headers['accept-encoding'] ?? '';
  const text = Array.isArray(accepted) ? accepted.join(',') : accepted;
  return text.split(',').some((part) => {
    const [name = '', ...parameters] = part.split(';').map((word) => word.trim().toLowerCase());
    return name === encoding && !parameters.some((parameter) => /^q=0(?:\.0*)?$/u.test(parameter));
  });
}
