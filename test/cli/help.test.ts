import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { describedProgram, examplesOf, helpOf, manualPage } from '../../manual.ts';
import { normalizeArguments } from '../../src/cli/arguments.ts';
import { exitCodeMeanings } from '../../src/cli/exit-codes.ts';
import { settingRows } from '../../src/config/settings/values.ts';
import { exitCodes } from '../../src/errors.ts';
import { formats } from '../../src/render/format.ts';
import { type Examples, makeExamples } from '../support/examples.ts';
import { runProgram } from '../support/program.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const program = describedProgram('1.2.3');
const commands = program.commands.flatMap((command) => [command, ...command.commands]);
const visible = program.createHelp().visibleCommands(program);
const pathOf = (command: Command): readonly string[] =>
  command.parent === null ? [] : [...pathOf(command.parent), command.name()];

/** What needs a server, a terminal or a shell of its own is parsed and not run. */
const onlyParsed =
  /postgres:\/\/|--profile ollama|--live|^sqlq repl --db sample$|^sqlq serve |^sqlq shop\.sqlite |^eval /u;

let examples: Examples;
beforeAll(async () => {
  examples = await makeExamples();
}, 60_000);

/** Throws where the arguments are not what the program takes. */
async function parse(argv: readonly string[]): Promise<void> {
  const parsed = describedProgram('1.2.3');
  for (const command of [parsed, ...parsed.commands.flatMap((child) => [child, ...child.commands])]) {
    command.action(() => {});
    command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
  }
  await parsed.parseAsync([...normalizeArguments(argv)], { from: 'user' });
}

describe('the help', () => {
  it.each(commands.filter((command) => visible.includes(command)).map((command) => pathOf(command)))(
    'of %s is what the program prints',
    async (...path) => {
      const { stdout, stderr, code } = await runProgram([...path, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const command = commands.find((each) => pathOf(each).join(' ') === path.join(' '));
      expect(stdout).toBe(command === undefined ? '' : helpOf(command));
    },
  );

  it.each(visible.filter((command) => command.name() !== 'help').map((command) => command.name()))(
    'of %s has an example',
    (name) => {
      const command = visible.find((each) => each.name() === name);
      expect(command === undefined ? [] : examplesOf(command)).not.toEqual([]);
    },
  );
});

describe('an example of the help', () => {
  const lines = [...new Set([program, ...commands].flatMap((command) => examplesOf(command)))];

  it.each(lines.filter((line) => onlyParsed.test(line)))('%s is understood', async (line) => {
    const calls = await examples.argumentsOf(line);
    expect(calls).not.toEqual([]);
    for (const argv of calls) {
      await parse(argv);
    }
  });

  it.each(lines.filter((line) => !onlyParsed.test(line)))(
    '%s does what it says',
    async (line) => {
      const { code, stdout, stderr } = await examples.run(line);
      expect(code, stderr).toBe(0);
      // What writes no file of rows prints something.
      if (!/--output| >>? |^sqlq (?:good|bad|save|config init|history forget)\b/u.test(line)) {
        expect(stdout + stderr).not.toBe('');
      }
    },
    30_000,
  );
});

describe('README.md', () => {
  const readme = read('README.md');
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/gu)].flatMap(([, block = '']) =>
    block.replaceAll(/\\\n\s*/gu, '').split('\n'),
  );
  const shown = blocks.filter((line) => /^(?:sqlq|echo|printf)\b.*\bsqlq\b|^sqlq\b/u.test(line));

  it.each(shown.flatMap((line) => line.split(/, (?=sqlq )/u)))(
    'shows what the program takes: %s',
    async (line) => {
      const calls = await examples.argumentsOf(line);
      expect(calls).not.toEqual([]);
      for (const argv of calls) {
        await parse(argv);
      }
    },
  );

  it('names every command', () => {
    for (const command of visible) {
      if (command.name() === 'help') {
        continue;
      }
      expect(readme, command.name()).toMatch(new RegExp(`\\bsqlq ${command.name()}\\b`, 'u'));
    }
  });

  it('names no command that there is not', () => {
    const names = new Set(program.commands.map((command) => command.name()));
    const prose = [
      ...readme.matchAll(/[`$("] ?sqlq ([a-z]+)\b(?!\.)/gu),
      ...shown.join('\n').matchAll(/^sqlq ([a-z]+)\b(?!\.)/gmu),
    ];
    for (const [, name = ''] of prose) {
      expect(names, `sqlq ${name}`).toContain(name);
    }
  });

  it('names no flag that there is not', () => {
    const flags = new Set(
      [program, ...commands].flatMap(({ options }) => options.flatMap(({ long }) => long ?? [])),
    );
    flags.add('--help').add('--version').add('--write=ddl');
    const ours = readme
      .split('\n')
      .filter((line) => !/\bnpm\b|\bnpx vitest\b|docker|\bcurl\b|\bprometheus\b/u.test(line))
      .flatMap((line) => line.match(/(?<![\w-])--[a-z][a-z-]*(?:=ddl)?/gu) ?? []);
    // A parameter of a saved question.
    expect(ours.filter((flag) => !flags.has(flag) && !/--(?:year|country)\b/u.test(flag))).toEqual([]);
  });

  it('says what each exit code means as the program does', () => {
    const rows = [...readme.matchAll(/^\| (\d+) \| (.*) \|$/gmu)].map(([, code, text]) => ({ code, text }));
    expect(rows.map(({ code }) => code)).toEqual(exitCodeMeanings.map(([code]) => code));
    expect(exitCodeMeanings.map(([code]) => Number(code))).toEqual(Object.values(exitCodes));
    for (const [code, meaning] of exitCodeMeanings) {
      expect(rows.find((row) => row.code === code)?.text).toContain(meaning);
    }
    for (const [code, meaning] of exitCodeMeanings) {
      expect(helpOf(program)).toContain(`${code} ${meaning}`);
    }
  });

  it('names every format', () => {
    const output = /## Output\n([\s\S]*?)\n## /u.exec(readme)?.[1] ?? '';
    for (const format of formats) {
      expect(output).toContain(`\`${format}\``);
    }
  });

  it('names the variables that are read, and no others', () => {
    const source = ['src', 'bench']
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
          .filter((file) => file.endsWith('.ts'))
          .map((file) => read(join(folder, file))),
      )
      .join('\n');
    const named = new Set(readme.match(/\b[A-Z][A-Z]+_[A-Z_]+\b/gu) ?? []);
    for (const name of named) {
      expect(source, name).toMatch(new RegExp(`\\b${name}\\b`, 'u'));
    }
    for (const [, { variable }] of settingRows) {
      expect(readme, variable).toContain(`\`${variable}\``);
    }
  });
});

describe('the manual page', () => {
  const page = manualPage('1.2.3');

  it('has every command and every flag', () => {
    expect(page).toMatch(/^\.TH SQLQ 1 "" "sqlq 1\.2\.3" "User Commands"$/mu);
    for (const command of commands) {
      const parents = [...(command.parent === null ? [] : [command.parent]), command];
      if (
        parents.some(
          (each) =>
            !each.parent?.createHelp().visibleCommands(each.parent).includes(each) && each !== program,
        )
      ) {
        continue;
      }
      expect(page).toContain(`.SS sqlq ${pathOf(command).join(' ')}`);
      for (const { flags, hidden } of command.options) {
        if (!hidden) {
          expect(page).toContain(`.B ${flags.replaceAll('-', '\\-')}`);
        }
      }
    }
  });

  it('is nothing that troff would take for a macro of its own', () => {
    const macros = new Set(['TH', 'SH', 'SS', 'TP', 'PP', 'B', 'I', 'nf', 'fi', 'RS', 'RE']);
    const lines = page.split('\n');
    for (const line of lines) {
      if (/^[.']/u.test(line)) {
        expect(macros, line).toContain(/^\.(\w+)/u.exec(line)?.[1]);
      }
      expect(line.replace(/\\(?:[-e&]|\((?:dq|aq|ga|ha|ti))/gu, '')).not.toContain('\\');
    }
    expect(lines.filter((line) => line === '.nf').length).toBe(lines.filter((line) => line === '.fi').length);
  });
});
