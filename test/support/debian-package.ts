import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A program of a package, unpacked beside the machine's own, and how it is started. */
export interface UnpackedPackage {
  /** The folder that holds the package and all that it depends on, as `usr/…`. */
  readonly root: string;
  /** The command that starts one of its programs with its own libraries. */
  command(program: string): readonly string[];
}

/**
 * A package of Debian unstable with its dependencies, unpacked into a cache folder and installed nowhere: no root, no
 * chroot. The mirror and the proxy are those of the machine's own apt. Null where this is no Debian, or the mirror
 * can't be reached.
 */
export async function unpackDebian(name: string): Promise<UnpackedPackage | null> {
  const cache = join(homedir(), '.cache', 'sqlq-test');
  const root = join(cache, name);
  if (!(await exists(root)) && !(await unpack(name, cache, root).catch(() => false))) {
    return null;
  }
  const loaders = await readdir(join(root, 'usr/lib64')).catch(() => []);
  const loader = loaders.find((file) => file.startsWith('ld-linux'));
  const folders = (await readdir(join(root, 'usr/lib'))).filter((file) => file.endsWith('-linux-gnu'));
  if (loader === undefined || folders.length === 0) {
    return null;
  }
  const libraries = folders.map((folder) => join(root, 'usr/lib', folder)).join(':');
  return {
    root,
    command: (program) => [
      join(root, 'usr/lib64', loader),
      '--library-path',
      libraries,
      join(root, 'usr/sbin', program),
    ],
  };
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** The first mirror that the machine's own apt reads packages from, but for those of security fixes. */
async function mirror(): Promise<string | null> {
  const folder = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(await readdir(folder).catch(() => [])).map((file) => join(folder, file)),
  ];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const uris = [...text.matchAll(/^(?:URIs:|deb(?:\s+\[[^\]]*\])?)\s+(\S+)/gmu)].map(
      ([, uri]) => uri ?? '',
    );
    const found = uris.find((uri) => !uri.includes('security'));
    if (found !== undefined) {
      return found;
    }
  }
  return null;
}

/** Downloads with apt's own tools, in folders of its own, and moves the finished root into its place. */
async function unpack(name: string, cache: string, root: string): Promise<boolean> {
  const uri = await mirror();
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  if (uri === null || !(await exists(keyring)) || !(await exists('/etc/debian_version'))) {
    return false;
  }
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, '.unpack-'));
  try {
    const archives = join(work, 'cache/archives');
    await mkdir(join(archives, 'partial'), { recursive: true });
    await mkdir(join(work, 'state/lists/partial'), { recursive: true });
    await writeFile(join(work, 'status'), '');
    await writeFile(join(work, 'sources.list'), `deb [signed-by=${keyring}] ${uri} sid main\n`);
    const { stdout: user } = await run('id', ['-un']);
    const settings = [
      `Dir::Etc::SourceList=${join(work, 'sources.list')}`,
      'Dir::Etc::SourceParts=/dev/null',
      `Dir::State=${join(work, 'state')}`,
      `Dir::State::status=${join(work, 'status')}`,
      `Dir::Cache=${join(work, 'cache')}`,
      'Acquire::Check-Valid-Until=false',
      `APT::Sandbox::User=${user.trim()}`,
    ].flatMap((setting) => ['-o', setting]);
    const options = { maxBuffer: 64 << 20, timeout: 300_000 };
    await run('apt-get', [...settings, 'update', '-qq'], options);
    await run(
      'apt-get',
      [...settings, 'install', '--download-only', '-y', '-qq', '--no-install-recommends', name],
      options,
    );
    const unpacked = join(work, 'root');
    await mkdir(unpacked);
    for (const file of await readdir(archives)) {
      if (file.endsWith('.deb')) {
        await run('dpkg-deb', ['-x', join(archives, file), unpacked]);
      }
    }
    // Another run may have been faster: its root is as good.
    await rename(unpacked, root).catch(() => {});
    return await exists(root);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
