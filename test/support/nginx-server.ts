import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Certificates, makeCertificates } from './certificates.ts';
import { debianProgram } from './debian-program.ts';
import { freePort } from './free-port.ts';

const file = resolve(import.meta.dirname, '../../deploy/nginx/sqlq.conf');

/** nginx as the repository deploys it, before instances on this machine. */
export interface NginxServer {
  /** `https://localhost:PORT` */
  readonly url: string;
  readonly port: number;
  readonly certificates: Certificates;
  /** What it has written of requests, a line each. */
  log(): Promise<readonly string[]>;
  /** Has it reach the instances at other ports from now on. */
  reload(ports: readonly [number, number]): Promise<void>;
  stop(): Promise<void>;
}

/** Debian's nginx; null where it is neither installed nor can be. */
export async function nginxProgram(): Promise<string | null> {
  return debianProgram('nginx', 'nginx-light');
}

/** Starts nginx with the file of `deploy/`, in which ports, names and paths alone are others. */
export async function startNginx(instances: readonly [number, number]): Promise<NginxServer> {
  const program = await nginxProgram();
  if (program === null) {
    throw new Error('nginx is not installed, and can not be');
  }
  const certificates = await makeCertificates();
  const folder = await mkdtemp(join(tmpdir(), 'sqlq-nginx-'));
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'tmp'), { mode: 0o777 });
  const [port, plainPort] = [await freePort(), await freePort()];
  const text = await readFile(file, 'utf8');
  const main = join(folder, 'nginx.conf');

  async function write([first, second]: readonly [number, number]): Promise<void> {
    const changed = replaced(text, [
      ['server sqlq-1:8080', `server 127.0.0.1:${first}`],
      ['server sqlq-2:8080', `server 127.0.0.1:${second}`],
      ['listen 80;', `listen 127.0.0.1:${plainPort};`],
      ['listen 443 ssl http2;', `listen 127.0.0.1:${port} ssl http2;`],
      ['server_name sqlq.example.com;', 'server_name localhost;'],
      ['/etc/nginx/tls/fullchain.pem', certificates.kinds.good.certificate],
      ['/etc/nginx/tls/privkey.pem', certificates.kinds.good.key],
      ['/var/log/nginx/sqlq.log', join(folder, 'access.log')],
    ]);
    await writeFile(join(folder, 'sqlq.conf'), changed);
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${join(folder, 'tmp', name)};`)
      .join('\n');
    await writeFile(
      main,
      `daemon off; worker_processes 1; pid ${join(folder, 'pid')}; error_log ${join(folder, 'error.log')};
       ${process.getuid?.() === 0 ? 'user root;' : ''}
       events { worker_connections 1024; }
       http { ${paths} include ${join(folder, 'sqlq.conf')}; }\n`,
    );
  }

  await write(instances);
  const server = spawn(program, ['-p', folder, '-c', main], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  server.stderr.on('data', (chunk) => said.push(String(chunk)));
  const deadline = Date.now() + 30_000;
  while (!(await listens(port))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      throw new Error(`nginx did not start: ${said.join('')}`);
    }
    await sleep(50);
  }
  return {
    url: `https://localhost:${port}`,
    port,
    certificates,
    log: async () =>
      (await readFile(join(folder, 'access.log'), 'utf8')).split('\n').filter((line) => line !== ''),
    async reload(ports) {
      await write(ports);
      server.kill('SIGHUP');
    },
    async stop() {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Each text is there, and none is left. */
function replaced(text: string, pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) {
      throw new Error(`deploy/nginx/sqlq.conf has no ${from}`);
    }
    return changed.replaceAll(from, to);
  }, text);
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      })
      .once('error', () => resolve(false));
  });
}
