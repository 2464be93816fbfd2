import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { debianProgram } from './debian-program.ts';
import { freePort } from './free-port.ts';
import { startServer } from './server-process.ts';

const folder = resolve(import.meta.dirname, '../../deploy/prometheus');

/** Prometheus as the repository deploys it. */
export interface PrometheusServer {
  /** The values of an expression now, by their labels as JSON. */
  query(
    expression: string,
  ): Promise<readonly { readonly labels: Record<string, string>; readonly value: number }[]>;
  stop(): Promise<void>;
}

const replySchema = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.coerce.number()]) }),
    ),
  }),
});

/** Debian's Prometheus; null where it is neither installed nor can be. */
export async function prometheusProgram(): Promise<string | null> {
  return debianProgram('prometheus', 'prometheus');
}

/** Starts Prometheus with the files of `deploy/`, in which the instances' addresses and the interval alone are others. */
export async function startPrometheus(instances: readonly [number, number]): Promise<PrometheusServer> {
  const program = await prometheusProgram();
  if (program === null) {
    throw new Error('prometheus is not installed, and can not be');
  }
  const place = await mkdtemp(join(tmpdir(), 'sqlq-prometheus-'));
  const text = await readFile(join(folder, 'prometheus.yml'), 'utf8');
  const [first, second] = instances;
  const changed = text
    .replace('sqlq-1:9464', `127.0.0.1:${first}`)
    .replace('sqlq-2:9464', `127.0.0.1:${second}`)
    .replaceAll('interval: 15s', 'interval: 1s');
  await writeFile(join(place, 'prometheus.yml'), changed);
  await writeFile(join(place, 'alerts.yml'), await readFile(join(folder, 'alerts.yml')));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const stop = await startServer({
    name: 'Prometheus',
    command: program,
    options: [
      `--config.file=${join(place, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(place, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    folder: place,
    timeoutMs: 60_000,
    ready: async () => {
      const { ok } = await fetch(`${url}/-/ready`);
      if (!ok) {
        throw new Error('not yet');
      }
    },
  });
  return {
    async query(expression) {
      const reply = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
      const { data } = replySchema.parse(await reply.json());
      return data.result.map(({ metric, value: [, value] }) => ({ labels: metric, value }));
    },
    stop,
  };
}
