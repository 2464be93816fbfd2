import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { CORE_SCHEMA, load, loadAll, mergeTag } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readSettings } from '../../src/config/files/read-settings.ts';
import { createMetrics } from '../../src/serve/observe/metrics.ts';
import { debianProgram } from '../support/debian-program.ts';
import { runProgram } from '../support/program.ts';
import { startServe } from '../support/serve.ts';

const run = promisify(execFile);
const folder = resolve(import.meta.dirname, '../../deploy');
const fileOf = (path: string): Promise<string> => readFile(join(folder, path), 'utf8');
const promtool = await debianProgram('promtool', 'prometheus');
const analyze = await debianProgram('systemd-analyze', 'systemd');

const dashboardSchema = z.object({
  panels: z.array(
    z.object({
      id: z.number(),
      title: z.string().min(1),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      targets: z.array(z.object({ expr: z.string().min(1) })).min(1),
    }),
  ),
});

/** The names of metrics in an expression, without what a histogram adds to them. */
function namesIn(text: string): string[] {
  const names = text.match(/\b(?:sqlq|nodejs|process)_[a-z_0-9]+/gu) ?? [];
  return names.map((name) => name.replace(/_(?:bucket|count|sum)$/u, ''));
}

async function measured(): Promise<Set<string>> {
  const parts = { version: '1', state: { kind: 'sqlite', healthy: true }, drain: { draining: false } };
  const all = await createMetrics({ ...parts, endpoints: () => [] }).measure();
  return new Set(all.map(({ name }) => name));
}

describe('the settings beside Compose', () => {
  it('hold no secret, so that anybody may read them', async () => {
    const copy = join(await mkdtemp(join(tmpdir(), 'sqlq-settings-')), 'sqlqrc');
    await writeFile(copy, await fileOf('sqlqrc.yaml'));
    await chmod(copy, 0o644);
    const { databases } = await readSettings(copy, 'named');
    const variables = JSON.stringify(databases).match(/(?<=\$\{)\w+/gu) ?? [];
    expect(variables).toEqual(['SHOP_PASSWORD']);
    expect(await fileOf('compose.yaml')).toContain('SHOP_PASSWORD: ');
  });
});

describe('Prometheus', () => {
  it.skipIf(promtool === null)('takes the settings and the alerts, which fire when they should', async () => {
    const { stdout } = await run(promtool ?? '', [
      'check',
      'config',
      join(folder, 'prometheus/prometheus.yml'),
    ]);
    expect(stdout).toContain('SUCCESS: 1 rule files found');
    const tests = join(folder, 'prometheus/alerts.test.yml');
    const { stdout: tested } = await run(promtool ?? '', ['test', 'rules', tests]);
    expect(tested).toContain('SUCCESS');
  });

  it('is asked for metrics that there are, by alerts and dashboard, and has a test of every alert', async () => {
    const known = await measured();
    const [alerts, tests, dashboard] = await Promise.all(
      ['prometheus/alerts.yml', 'prometheus/alerts.test.yml', 'grafana/sqlq.json'].map(fileOf),
    );
    const asked = [...namesIn(alerts ?? ''), ...namesIn(dashboard ?? '')];
    expect(asked.length).toBeGreaterThan(30);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
    const names = [...(alerts ?? '').matchAll(/- alert: (\w+)/gu)].map(([, name]) => name);
    expect(names.filter((name) => !tests?.includes(`alertname: ${name}\n`))).toEqual([]);
  });
});

describe('the dashboard', () => {
  it('has panels that do not overlap', async () => {
    const { panels } = dashboardSchema.parse(JSON.parse(await fileOf('grafana/sqlq.json')));
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBeLessThanOrEqual(24);
  });

  it.skipIf(promtool === null)('asks what Prometheus understands', async () => {
    const { panels } = dashboardSchema.parse(JSON.parse(await fileOf('grafana/sqlq.json')));
    const rules = panels.flatMap(({ id, targets }) =>
      targets.map(({ expr }, index) => ({
        record: `panel:${id}:${index}`,
        expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*'),
      })),
    );
    const path = join(await mkdtemp(join(tmpdir(), 'sqlq-rules-')), 'rules.yml');
    await writeFile(path, JSON.stringify({ groups: [{ name: 'panels', rules }] }));
    const { stdout } = await run(promtool ?? '', ['check', 'rules', path]);
    expect(stdout).toContain(`SUCCESS: ${rules.length} rules found`);
  });
});

describe.skipIf(analyze === null)('the unit of systemd', () => {
  it('is one, and leaves the service little that it could do', async () => {
    const place = await mkdtemp(join(tmpdir(), 'sqlq-unit-'));
    const program = join(place, 'sqlq');
    await writeFile(program, '#!/bin/sh\n');
    await chmod(program, 0o755);
    const unit = join(place, 'sqlq.service');
    const text = await fileOf('systemd/sqlq.service');
    await writeFile(
      unit,
      text.replace('ExecStart=sqlq', `ExecStart=${program}`).replace(/^Documentation=.*$/mu, ''),
    );
    const { stderr } = await run(analyze ?? '', ['verify', unit]);
    expect(stderr.split('\n').filter((line) => line.includes('sqlq.service'))).toEqual([]);
    const { stdout } = await run(analyze ?? '', ['security', '--offline=true', '--no-pager', unit]);
    const [, exposure] = /exposure level for sqlq\.service: ([\d.]+)/u.exec(stdout) ?? [];
    expect(Number(exposure)).toBeLessThan(2);
  });
});

const addressSchema = z.object({ ipv4_address: z.ipv4() });
const networkSchema = z.object({
  internal: z.boolean(),
  ipam: z.object({ config: z.tuple([z.object({ subnet: z.cidrv4() })]) }),
});
const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      volumes: z.array(z.string()).default([]),
      networks: z.union([z.array(z.string()), z.record(z.string(), addressSchema)]),
      depends_on: z.record(z.string(), z.unknown()).default({}),
      environment: z.record(z.string(), z.string()).default({}),
    }),
  ),
  networks: z.record(z.string(), z.nullable(networkSchema)),
  volumes: z.record(z.string(), z.unknown()),
});

async function readCompose(): Promise<z.infer<typeof composeSchema>> {
  const schema = CORE_SCHEMA.withTags(mergeTag);
  return composeSchema.parse(load(await fileOf('compose.yaml'), { schema }));
}

describe('the file of Compose', () => {
  it('names services, networks, volumes and files that there are', async () => {
    const compose = await readCompose();
    expect(Object.keys(compose.services)).toEqual(
      expect.arrayContaining([
        'sqlq-1',
        'sqlq-2',
        'nginx',
        'redis',
        'postgres',
        'model-1',
        'model-2',
        'prometheus',
      ]),
    );
    for (const { volumes, networks, depends_on: needed } of Object.values(compose.services)) {
      expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(Object.keys(needed)));
      const joined = Array.isArray(networks) ? networks : Object.keys(networks);
      expect(Object.keys(compose.networks)).toEqual(expect.arrayContaining(joined));
      for (const volume of volumes) {
        const [source = ''] = volume.split(':');
        if (source === './tls' || source.startsWith('/')) {
          continue;
        }
        await (source.startsWith('.')
          ? readFile(join(folder, source)).catch((error) => {
              if (error.code !== 'EISDIR') {
                throw error;
              }
            })
          : expect(Object.keys(compose.volumes)).toContain(source));
      }
    }
  });

  it('gives each instance a volume and an address of its own, which stay when it is made anew', async () => {
    const { services, networks } = await readCompose();
    const { ipam } = z.object({ inside: networkSchema }).parse(networks).inside;
    const [{ subnet }] = ipam.config;
    const instances = ['sqlq-1', 'sqlq-2'].map((name) => {
      const { volumes, networks: joined } = services[name] ?? {};
      const address = z.object({ inside: addressSchema }).parse(joined).inside.ipv4_address;
      expect(address.startsWith(subnet.replace(/\d+\/24$/u, ''))).toBe(true);
      return { address, volume: volumes?.find((volume) => volume.endsWith(':/home/node/.local')) };
    });
    expect(new Set(instances.map(({ address }) => address)).size).toBe(2);
    expect(instances.map(({ volume }) => volume)).toEqual([
      'sqlq-1:/home/node/.local',
      'sqlq-2:/home/node/.local',
    ]);
  });

  it('has the addresses that nginx and Prometheus look for', async () => {
    const { services } = await readCompose();
    const nginx = await fileOf('nginx/sqlq.conf');
    const prometheus = await fileOf('prometheus/prometheus.yml');
    const hosts = [...`${nginx}${prometheus}`.matchAll(/\b(sqlq-\d):/gu)].map(([, host]) => host ?? '');
    expect(new Set(hosts)).toEqual(new Set(['sqlq-1', 'sqlq-2']));
    expect(hosts.filter((host) => !(host in services))).toEqual([]);
  });
});

const objectSchema = z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({}) });
const deploymentSchema = z.object({
  spec: z.object({
    replicas: z.number(),
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.object({
        terminationGracePeriodSeconds: z.number(),
        containers: z.tuple([
          z.object({
            args: z.array(z.string()),
            ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
            volumeMounts: z.array(z.object({ name: z.string() })),
          }),
        ]),
        volumes: z.array(z.looseObject({ name: z.string() })),
      }),
    }),
  }),
});

describe('the file of Kubernetes', () => {
  it('has objects that fit each other', async () => {
    const objects = z.array(objectSchema).parse(loadAll(await fileOf('kubernetes/sqlq.yaml')));
    const byKind = Object.fromEntries(objects.map((object) => [object.kind, object]));
    expect(Object.keys(byKind).sort()).toEqual([
      'ConfigMap',
      'Deployment',
      'Ingress',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
    ]);
    const { spec } = deploymentSchema.parse(byKind['Deployment']);
    const { containers, volumes, terminationGracePeriodSeconds } = spec.template.spec;
    expect(spec.replicas).toBeGreaterThan(1);
    expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
    const labels = JSON.stringify(spec.selector.matchLabels);
    const selecting = ['Service', 'PodDisruptionBudget', 'NetworkPolicy'].map((kind) =>
      JSON.stringify(byKind[kind]),
    );
    expect(selecting.filter((text) => !text.includes(labels))).toEqual([]);
    const [{ args, ports, volumeMounts }] = containers;
    expect(volumeMounts.map(({ name }) => name)).toEqual(volumes.map(({ name }) => name));
    for (const { containerPort } of ports) {
      expect(args.join(' ')).toMatch(new RegExp(`[=:]${containerPort}\\b`, 'u'));
    }
    const [, drain] = /--drain=(\d+)s/u.exec(args.join(' ')) ?? [];
    expect(terminationGracePeriodSeconds).toBeGreaterThan(Number(drain) + 5);
  });

  it('says how to make the secret with all that its settings read', async () => {
    const text = await fileOf('kubernetes/sqlq.yaml');
    const made = [...text.matchAll(/--from-literal=(\w+)=/gu)].map(([, name]) => name ?? '');
    const read = [...text.matchAll(/\$\{(\w+)\}/gu)].map(([, name]) => name ?? '');
    expect(read.length).toBeGreaterThan(0);
    expect(made).toEqual(expect.arrayContaining([...read, 'REDIS_URL', 'SQLQ_USERS']));
  });
});

describe('what starts the service', () => {
  it('knows every flag that it is given', async () => {
    const { stdout } = await runProgram(['serve', '--help']);
    const known = new Set(stdout.match(/--[a-z-]+/gu));
    for (const path of ['systemd/sqlq.service', 'compose.yaml', 'kubernetes/sqlq.yaml', 'nginx/sqlq.conf']) {
      const lines = (await fileOf(path)).split('\n').filter((line) => /sqlq serve|^\s+- --/u.test(line));
      const flags = lines.join('\n').match(/--[a-z-]+/gu) ?? [];
      expect(flags.length, path).toBeGreaterThan(3);
      expect(flags.filter((flag) => !known.has(flag))).toEqual([]);
    }
  });

  it('makes the first user as it says', async () => {
    const [, line = ''] = /run --rm sqlq-1 (user add .*)$/mu.exec(await fileOf('compose.yaml')) ?? [];
    const users = join(await mkdtemp(join(tmpdir(), 'sqlq-users-')), 'users.sqlite');
    const { code, stderr } = await runProgram(line.split(' '), {
      environment: { SQLQ_USERS: users },
      input: 'a long enough password\n',
    });
    expect(stderr).toContain('Added: ann');
    expect(code).toBe(0);
  });

  it('reads the settings that stand beside it', async () => {
    const objects = z.array(objectSchema).parse(loadAll(await fileOf('kubernetes/sqlq.yaml')));
    const map = objects.find(({ kind }) => kind === 'ConfigMap');
    const { sqlqrc } = z.object({ sqlqrc: z.string() }).parse(map?.['data']);
    for (const text of [await fileOf('sqlqrc.yaml'), sqlqrc]) {
      const path = join(await mkdtemp(join(tmpdir(), 'sqlq-settings-')), 'sqlqrc');
      await writeFile(path, text, { mode: 0o600 });
      const server = await startServe(['--config', path], {
        environment: { SHOP_PASSWORD: 'x', OPENAI_API_KEY: 'y' },
      });
      expect(await (await server.fetch('/v1/databases')).json()).toMatchObject({
        databases: [{ name: 'shop', usual: true }],
      });
      await server.stop();
    }
  });
});
