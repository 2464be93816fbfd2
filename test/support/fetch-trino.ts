/**
 * Fetches the server that `test/database/trino/` runs on, 0.8 GB, by Maven where there is one, else from Maven Central.
 *
 * usage: npm run test:trino
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fetchedArchive, findArchive, findJava, trinoVersion } from './trino-server.ts';

const url = `https://repo.maven.apache.org/maven2/io/trino/trino-server/${trinoVersion}/trino-server-${trinoVersion}.tar.gz`;

function fetchByMaven(): void {
  const artifact = `io.trino:trino-server:${trinoVersion}:tar.gz`;
  execFileSync('mvn', ['-q', 'dependency:get', `-Dartifact=${artifact}`, '-Dtransitive=false'], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
}

async function fetchByHttp(): Promise<void> {
  mkdirSync(dirname(fetchedArchive), { recursive: true });
  const part = `${fetchedArchive}.${process.pid}`;
  const [answer, sum] = await Promise.all([fetch(url), fetch(`${url}.sha1`)]);
  if (!answer.ok || answer.body === null || !sum.ok) {
    throw new Error(`${url} answered ${answer.status}`);
  }
  await pipeline(Readable.fromWeb(answer.body), createWriteStream(part));
  const hash = createHash('sha1');
  await pipeline(createReadStream(part), hash);
  if (hash.digest('hex') !== (await sum.text()).trim()) {
    throw new Error(`${url} does not have the checksum that is told beside it`);
  }
  renameSync(part, fetchedArchive);
}

if (findArchive() === null) {
  try {
    fetchByMaven();
  } catch {
    await fetchByHttp();
  }
}
if (findJava() === null) {
  throw new Error('Trino needs Java 24 or a later one: set JAVA_HOME, or install it below /usr/lib/jvm');
}
