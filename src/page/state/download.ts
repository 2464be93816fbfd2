import type { Job } from '../../serve/api/jobs.ts';
import type { RowFormat } from '../../serve/api/run.ts';
import { type Client, Failure, failureOf } from '../api/client.ts';

/** A file to be kept: where the browser gets it, and its name. */
export interface ReadyFile {
  readonly name: string;
  readonly href: string;
}

/** What a file is made of. */
export interface WantedFile {
  readonly answer: string;
  readonly format: RowFormat;
  /** Rows that there are, as far as is known. */
  readonly rows: number;
}

export interface Downloads {
  /**
   * Has a file made. A small one comes at once. A large one is made at the server first: so the browser writes it to disk as
   * it comes, and this page never holds it. Throws `Failure`.
   */
  make(
    wanted: WantedFile,
    hear: { readonly onProgress: (rows: number) => void; readonly signal: AbortSignal },
  ): Promise<ReadyFile>;
}

/** Rows beyond which a file is made at the server first. */
const mostHeld = 50_000;

const firstWait = 200;
const longestWait = 2_000;

export function createDownloads(client: Client): Downloads {
  /** The server keeps what was made until it is made room for. */
  let last: string | null = null;
  const drop = async (job: string): Promise<void> => {
    await client.open(pathOf(job), { method: 'DELETE' }).catch(() => null);
  };
  const finished = async (job: string, hear: Parameters<Downloads['make']>[1]): Promise<void> => {
    for (let wait = firstWait; ; wait = Math.min(wait * 1.5, longestWait)) {
      const { state, rows, error } = await client.json<Job>(pathOf(job), { signal: hear.signal });
      if (state === 'done') {
        return;
      }
      if (state === 'failed' || state === 'cancelled') {
        throw new Failure(state, error ?? '');
      }
      hear.onProgress(rows);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  };
  return {
    async make({ answer, format, rows }, hear) {
      if (rows <= mostHeld) {
        return await fetchFile(client, answer, format, hear.signal);
      }
      if (last !== null) {
        await drop(last);
        last = null;
      }
      const body = { answer, format };
      const { id } = await client.json<Job>('/v1/jobs', { method: 'POST', body });
      try {
        await finished(id, hear);
      } catch (error) {
        await drop(id);
        throw error;
      }
      last = id;
      return { name: `answer.${format}`, href: `${pathOf(id)}/result` };
    },
  };
}

const pathOf = (job: string): string => `/v1/jobs/${encodeURIComponent(job)}`;

async function fetchFile(
  client: Client,
  answer: string,
  format: RowFormat,
  signal: AbortSignal,
): Promise<ReadyFile> {
  const response = await client.open(`/v1/answers/${encodeURIComponent(answer)}/run`, {
    method: 'POST',
    body: { format },
    accept: '*/*',
    signal,
  });
  const disposition = response.headers.get('content-disposition') ?? '';
  const [, name = `rows.${format}`] = /filename="([^"]+)"/u.exec(disposition) ?? [];
  try {
    const href = URL.createObjectURL(await response.blob());
    // The download has its own hold of the file once it has begun.
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
    return { name, href };
  } catch (error) {
    throw failureOf(error);
  }
}
