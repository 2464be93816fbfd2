import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openAudit } from '../../src/serve/audit/log.ts';
import { type Ended, emptyEnvironment, programFile, sampleFile } from './program.ts';

/** Runs lines of a shell as somebody would who has copied them, each in a folder and a home of its own. */
export interface Examples {
  /** Runs a line; questions that no terminal can confirm are asked with `--dry-run`. */
  run(line: string): Promise<Ended>;
  /** The arguments of each call of sqlq in a line, which run nothing. */
  argumentsOf(line: string): Promise<readonly (readonly string[])[]>;
}

/** The files that examples name, and a history of a dozen questions. */
export async function makeExamples(): Promise<Examples> {
  const root = mkdtempSync(join(tmpdir(), 'sqlq-examples-'));
  const folder = join(root, 'folder');
  const home = join(root, 'home');
  const bin = join(root, 'bin');
  mkdirSync(join(home, '.config', 'fish', 'completions'), { recursive: true });
  const folders = ['.sqlq', 'questions', 'docs', 'models', 'target'].map((name) => join(folder, name));
  for (const path of [folder, bin, ...folders]) {
    mkdirSync(path);
  }
  cpSync(sampleFile, join(folder, 'shop.sqlite'));
  writeFileSync(join(folder, 'questions.txt'), 'how many customers are there?\n');
  const documents = {
    'docs/metrics.md': '# Metrics\n\n## Active customer\n\nOne with an order in the last 90 days.\n',
    'models/schema.yml': 'models:\n  - {name: orders, description: One row per order}\n',
    'target/manifest.json':
      '{"metadata":{"dbt_schema_version":"v12"},"metrics":{"m":{"name":"sales","description":"All that was sold"}}}',
    'queries.sql': '-- Customers by country\nSELECT country, count(*) FROM customers GROUP BY country;\n',
    'returns.html': '<h1>Returns</h1><p>Within 30 days.',
  };
  for (const [name, text] of Object.entries(documents)) {
    writeFileSync(join(folder, name), text);
  }
  writeFileSync(join(folder, 'password.txt'), 'four plain words together\n');
  writeFileSync(join(folder, 'report.sql'), 'SELECT count(*) FROM orders\n');
  const suite =
    'database: shop.sqlite\nprofile: offline\ncases:\n  - question: how many customers are there?\n    name: revenue\n    expect:\n      value: 60\n';
  writeFileSync(join(folder, 'shop.sqlq.yaml'), suite);
  writeFileSync(
    join(folder, 'questions', 'revenue.sqlq.yaml'),
    suite.replace('shop.sqlite', '../shop.sqlite'),
  );
  writeFileSync(
    join(folder, '.sqlq', 'revenue.sql'),
    "-- orders of a year\n--\n-- database: sqlite\n-- parameter year: text = 2024\n\nSELECT count(*) FROM orders WHERE strftime('%Y', ordered_at) = :year\n",
  );
  // What reads or shapes the output is not what is tested.
  program(join(bin, 'jq'), 'cat');
  program(
    join(bin, 'sqlq'),
    `case " $* " in
  *' --yes '*|*' --dry-run '*|*' --batch '*|*' -n '*|*' -y '*) ;;
  ' ask '*) set -- "$@" --dry-run ;;
esac
exec "${process.execPath}" "${programFile}" "$@"`,
  );
  const spy = join(root, 'spy');
  mkdirSync(spy);
  program(join(spy, 'sqlq'), `printf '%s\\0' sqlq "$@" >> "$SQLQ_SPY"; printf '\\1\\0' >> "$SQLQ_SPY"`);
  program(join(spy, 'jq'), 'cat');

  const shell = (
    line: string,
    place: string,
    variables: Readonly<Record<string, string>>,
  ): Promise<Ended> => {
    const environment = {
      ...emptyEnvironment(join(place, 'home')),
      SQLQ_PROFILE: 'offline',
      SQLQ_DATABASE: 'shop.sqlite',
      EDITOR: 'true',
      ...variables,
    };
    const running = promisify(execFile)('bash', ['-o', 'pipefail', '-c', line], {
      cwd: join(place, 'folder'),
      env: environment,
    });
    running.child.stdin?.end();
    return running.then(
      ({ stdout, stderr }) => ({ code: 0, signal: null, stdout, stderr }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
        code,
        signal: null,
        stdout,
        stderr,
      }),
    );
  };
  const withPath = (first: string): Readonly<Record<string, string>> => ({
    PATH: `${first}:${process.env['PATH'] ?? ''}`,
  });
  const questions = [
    'how many customers are there?',
    'how many orders are there?',
    'number of customers by country',
  ];
  const asked = Array.from({ length: 12 }, (_, index) => `"${questions[index % questions.length]}"`).join(
    ' ',
  );
  const history = await shell(
    `printf '%s\\n' ${asked} | sqlq repl --db sample --yes
sqlq good 1 && sqlq good 2 && sqlq good 3 && sqlq examples export --format jsonl > examples.jsonl && sqlq docs add --db sample docs && sqlq user add ana < password.txt`,
    root,
    withPath(bin),
  );
  if (history.code !== 0) {
    throw new Error(`No history was made: ${history.stderr}`);
  }
  const audit = await openAudit({
    folder: join(home, 'state', 'sqlq', 'audit'),
    key: null,
    now: () => new Date(),
  });
  await audit.close();
  cpSync(
    join(home, 'state', 'sqlq', 'audit', 'audit-000000000001.jsonl'),
    join(folder, 'audit-000000000001.jsonl'),
  );
  const freshPlace = (): string => {
    const place = mkdtempSync(join(root, 'run-'));
    for (const name of ['folder', 'home']) {
      cpSync(join(root, name), join(place, name), { recursive: true });
    }
    return place;
  };
  return {
    run(line) {
      const place = freshPlace();
      if (/^sqlq save/u.test(line)) {
        rmSync(join(place, 'folder', '.sqlq'), { recursive: true });
      }
      return shell(line, place, withPath(bin));
    },
    async argumentsOf(line) {
      const place = freshPlace();
      const file = join(place, 'calls');
      writeFileSync(file, '');
      await shell(line, place, { ...withPath(spy), SQLQ_SPY: file });
      return readFileSync(file, 'utf8')
        .split('\u0001\0')
        .slice(0, -1)
        .map((call) => call.split('\0').slice(1, -1));
    },
  };
}

function program(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}
