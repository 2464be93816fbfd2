import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../access.ts';
import { spanOf } from '../observe/register.ts';
import type { Parts } from '../parts.ts';
import type { Work } from '../question/work.ts';
import { signalOf } from './signal.ts';

/** The work that a request asks for. */
export function workOf(
  parts: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  onStep: (text: string) => void = () => {},
): Work {
  return {
    parts,
    caller: callerOf(request),
    requestId: request.id,
    address: request.ip,
    signal: signalOf(parts, request, reply),
    onStep,
    span: spanOf(request),
  };
}
