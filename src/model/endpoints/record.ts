import { z } from 'zod';

/** A request that an endpoint works on; or those that it has been sent within one second of the last minute, and that are over. */
const requestSchema = z.object({
  id: z.string(),
  /** The process that sent it. */
  process: z.number(),
  at: z.number(),
  /** When it is over at the latest, also where its process was killed. */
  until: z.number(),
  tokens: z.number(),
  isOpen: z.boolean(),
  /** How many it stands for. */
  count: z.number().default(1),
});

type Request = z.output<typeof requestSchema>;

/** What is known of an endpoint, by all processes of a user. Times are milliseconds since 1970. */
export const recordSchema = z.object({
  /** The circuit breaker as its library writes it; null while it was never open. */
  breaker: z.string().nullable().default(null),
  /** What it failed with, the last time. */
  problem: z.string().nullable().default(null),
  /** The server wants to be left alone until then. */
  waitUntil: z.number().default(0),
  /** Somebody tries it until then, and nobody else has to. */
  triedUntil: z.number().default(0),
  /** It answered when it was tried, and may have one question to show that it is well again. */
  isReady: z.boolean().default(false),
  /** How far its turn is, for smooth weighted round robin. */
  turn: z.number().default(0),
  /** How long its last answers took, in milliseconds, the newest last. */
  latencies: z.array(z.number()).default([]),
  answeredAt: z.number().default(0),
  requests: z.array(requestSchema).default([]),
});

export type EndpointRecord = z.output<typeof recordSchema>;

/** What is known of an endpoint that was never asked. */
export const freshRecord: EndpointRecord = recordSchema.parse({});

/** A record as it was kept; a fresh one for a text that is none, such as of another version. */
export function readRecord(text: string | null): EndpointRecord {
  if (text === null) {
    return freshRecord;
  }
  try {
    return recordSchema.catch(freshRecord).parse(JSON.parse(text));
  } catch {
    return freshRecord;
  }
}

/** Limits of requests and tokens count over this long. */
export const windowMilliseconds = 60_000;

const mostLatencies = 100;

/** A record without requests that no limit counts any more; `isRunning` tells whether a process still is. */
export function tidied(
  record: EndpointRecord,
  now: number,
  isRunning: (process: number) => boolean,
): EndpointRecord {
  const requests = record.requests
    .map((request) =>
      request.isOpen && (request.until <= now || !isRunning(request.process))
        ? { ...request, isOpen: false }
        : request,
    )
    .filter(({ isOpen, at }) => isOpen || at > now - windowMilliseconds);
  // A clock that was set back must not keep a door shut.
  const farthest = now + 24 * 3_600_000;
  return {
    ...record,
    requests: together(requests),
    waitUntil: record.waitUntil > farthest ? 0 : record.waitUntil,
    triedUntil: record.triedUntil > farthest ? 0 : record.triedUntil,
  };
}

/**
 * Requests, those that are over as one for each second: of a server that is asked a hundred times a second a record would else
 * hold thousands, which each question reads and writes. One of several leaves the last minute with the last of them.
 */
function together(requests: readonly Request[]): Request[] {
  const open: Request[] = [];
  const over = new Map<number, Request>();
  for (const request of requests) {
    const second = Math.floor(request.at / 1_000);
    const same = over.get(second);
    if (request.isOpen) {
      open.push(request);
    } else if (same === undefined) {
      over.set(second, request);
    } else {
      over.set(second, {
        ...same,
        at: Math.max(same.at, request.at),
        tokens: same.tokens + request.tokens,
        count: same.count + request.count,
      });
    }
  }
  return [...over.values(), ...open];
}

/** A request has ended, having used so many tokens. */
export function ended(record: EndpointRecord, id: string, tokens: number): EndpointRecord {
  return {
    ...record,
    requests: record.requests.map((request) =>
      request.id === id ? { ...request, isOpen: false, tokens } : request,
    ),
  };
}

/** An answer came after so many milliseconds. */
export function answered(record: EndpointRecord, milliseconds: number, now: number): EndpointRecord {
  return {
    ...record,
    problem: null,
    answeredAt: now,
    latencies: [...record.latencies, milliseconds].slice(-mostLatencies),
  };
}
