import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import type { TestServer } from './postgres-server.ts';
import { serverFolder, startServer } from './server-process.ts';

export const trinoVersion = '476';
const archiveName = `trino-server-${trinoVersion}.tar.gz`;
const cache = join(homedir(), '.cache', 'sqlq-test');

/** Where `npm run test:trino` puts the archive, and where Maven does. */
export const fetchedArchive = join(cache, archiveName);
const mavenArchive = join(homedir(), '.m2/repository/io/trino/trino-server', trinoVersion, archiveName);

// The connector for PostgreSQL needs types of the one for geography.
const plugins = ['tpch', 'memory', 'postgresql', 'geospatial'];

/** Java that this version runs on: 24 or a later one; null where there is none. */
export function findJava(): string | null {
  const installed = '/usr/lib/jvm';
  const homes = [
    process.env['JAVA_HOME'] ?? '',
    ...(existsSync(installed) ? readdirSync(installed).map((name) => join(installed, name)) : []),
  ];
  return (
    homes.map((home) => join(home, 'bin/java')).find((java) => existsSync(java) && majorOf(java) >= 24) ??
    null
  );
}

function majorOf(java: string): number {
  const release = join(java, '../../release');
  const text = existsSync(release) ? readFileSync(release, 'utf8') : '';
  return Number(/^JAVA_VERSION="(\d+)/mu.exec(text)?.[1] ?? 0);
}

/** The archive of the server, where it is on this machine; null where it is not. */
export function findArchive(): string | null {
  return [fetchedArchive, mavenArchive].find(existsSync) ?? null;
}

/** Whether a Trino can be had without a download: one that SQLQ_TEST_TRINO names, or the archive with Java. */
export function canStartTrino(): boolean {
  return process.env['SQLQ_TEST_TRINO'] !== undefined || (findArchive() !== null && findJava() !== null);
}

/** Unpacks what is needed of the archive, once: plugins hold hard links into others. */
function unpack(archive: string): string {
  const root = join(cache, `trino-server-${trinoVersion}`);
  if (existsSync(root)) {
    return root;
  }
  mkdirSync(cache, { recursive: true });
  const work = `${root}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  const listed = execFileSync('tar', ['tvzf', archive], { encoding: 'utf8', maxBuffer: 64 << 20 });
  const isWanted = (path: string): boolean => plugins.some((plugin) => path.includes(`/plugin/${plugin}/`));
  const linked = listed.split('\n').flatMap((line) => {
    const [, path = '', target] = /(\S+) link to (\S+)$/u.exec(line) ?? [];
    const isElsewhere = target !== undefined && !target.includes('/lib/') && !isWanted(target);
    return isElsewhere && isWanted(path) ? [target] : [];
  });
  const patterns = ['*/lib/*', ...plugins.map((plugin) => `*/plugin/${plugin}/*`), ...new Set(linked)];
  execFileSync('tar', ['xzf', archive, '-C', work, '--wildcards', ...patterns]);
  const unpacked = join(work, `trino-server-${trinoVersion}`);
  mkdirSync(join(unpacked, 'used'));
  for (const plugin of plugins) {
    symlinkSync(`../plugin/${plugin}`, join(unpacked, 'used', plugin));
  }
  renameSync(unpacked, root);
  rmSync(work, { recursive: true });
  return root;
}

/**
 * Starts Trino on loopback, with catalogs for TPC-H and for memory, and more by CREATE CATALOG; or takes the one that
 * SQLQ_TEST_TRINO names. Its URL is `http://…`.
 */
export async function startTrino(): Promise<TestServer> {
  const given = process.env['SQLQ_TEST_TRINO'];
  if (given !== undefined) {
    return { url: given, stop: async () => {} };
  }
  const [archive, java] = [findArchive(), findJava()];
  if (archive === null || java === null) {
    throw new Error('Trino can not be had; see canStartTrino');
  }
  const root = unpack(archive);
  const { folder } = await serverFolder('Trino');
  const port = await freePort();
  await mkdir(join(folder, 'etc/catalog'), { recursive: true });
  await chmod(folder, 0o755);
  const file = (name: string, lines: readonly string[]): Promise<void> =>
    writeFile(join(folder, 'etc', name), `${lines.join('\n')}\n`);
  await file('config.properties', [
    'coordinator=true',
    'node-scheduler.include-coordinator=true',
    `http-server.http.port=${port}`,
    `discovery.uri=http://127.0.0.1:${port}`,
    'catalog.management=dynamic',
    'http-server.log.enabled=false',
    'query.max-memory=300MB',
    'query.max-memory-per-node=300MB',
    'catalog.store=memory',
  ]);
  await file('log.properties', ['io.trino=WARN', 'io.airlift=WARN']);
  const stop = await startServer({
    name: 'Trino',
    command: java,
    folder,
    timeoutMs: 180_000,
    options: [
      '-Xmx1g',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      `-Dconfig=${join(folder, 'etc/config.properties')}`,
      `-Dlog.levels-file=${join(folder, 'etc/log.properties')}`,
      `-Dnode.data-dir=${folder}`,
      '-Dnode.environment=test',
      '-Dnode.bind-ip=127.0.0.1',
      '-Dnode.internal-address=127.0.0.1',
      `-Dplugin.dir=${join(root, 'used')}`,
      '-Duser.timezone=UTC',
      '--add-modules=jdk.incubator.vector',
      '-cp',
      join(root, 'lib/*'),
      'io.trino.server.TrinoServer',
    ],
    async ready() {
      const { starting } = (await (await fetch(`http://127.0.0.1:${port}/v1/info`)).json()) as {
        starting: boolean;
      };
      if (starting) {
        throw new Error('it starts still');
      }
      await runOnTrino(`http://127.0.0.1:${port}`, [
        'CREATE CATALOG tpch USING tpch',
        'CREATE CATALOG memory USING memory WITH ("memory.max-data-per-node" = \'128MB\')',
      ]);
    },
  });
  return { url: `http://127.0.0.1:${port}`, stop };
}

interface Page {
  readonly nextUri?: string;
  readonly data?: unknown[][];
  readonly error?: { readonly message: string };
}

/** Runs statements, one after the other, as the owner of everything; gives the rows of the last one. */
export async function runOnTrino(
  url: string,
  statements: readonly string[],
  { catalog = '', schema = '' } = {},
): Promise<readonly (readonly unknown[])[]> {
  const headers = {
    'X-Trino-User': 'owner',
    ...(catalog === '' ? {} : { 'X-Trino-Catalog': catalog }),
    ...(schema === '' ? {} : { 'X-Trino-Schema': schema }),
  };
  let rows: unknown[][] = [];
  for (const statement of statements) {
    rows = [];
    let answer = await fetch(`${url}/v1/statement`, { method: 'POST', headers, body: statement });
    for (;;) {
      const page = (await answer.json()) as Page;
      if (page.error !== undefined) {
        throw new Error(`${page.error.message}: ${statement.slice(0, 300)}`);
      }
      rows.push(...(page.data ?? []));
      if (page.nextUri === undefined) {
        break;
      }
      answer = await fetch(page.nextUri, { headers });
    }
  }
  return rows;
}
