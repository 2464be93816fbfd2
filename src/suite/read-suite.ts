import { readFile } from 'node:fs/promises';
import type * as z from 'zod';
import { type Place, parseYaml, type YamlDocument, YamlError } from '../config/files/yaml.ts';
import { messageOf, SqlqError } from '../errors.ts';
import { nearest } from '../schema/nearest.ts';
import { Numeral, parseNumeral } from './literal.ts';
import { type Expectations, suiteParts, suiteSchema } from './suite.ts';

/** A question of a suite, the suite's defaults filled in. */
export interface Case {
  readonly name: string;
  readonly question: string;
  readonly database: string | null;
  readonly profile: string | null;
  readonly model: string | null;
  readonly today: Date | null;
  readonly expect: Expectations;
  readonly line: number;
}

/** A file of questions. */
export interface Suite {
  readonly path: string;
  readonly cases: readonly Case[];
}

/** Reads a suite. Throws a SqlqError `usage` that names the file, and of each thing that is wrong the line and column. */
export async function readSuite(path: string): Promise<Suite> {
  const document = await readDocument(path);
  const parsed = suiteSchema.safeParse(document.value, { reportInput: true });
  if (!parsed.success) {
    throw explain(path, document, parsed.error);
  }
  const { cases, database, profile, model, today } = parsed.data;
  const suite: Suite = {
    path,
    cases: cases.map((entry, index) => ({
      name: entry.name ?? entry.question,
      question: entry.question,
      database: entry.database ?? database ?? null,
      profile: entry.profile ?? profile ?? null,
      model: entry.model ?? (entry.profile === undefined ? model : undefined) ?? null,
      today: entry.today ?? today ?? null,
      expect: entry.expect,
      line: document.placeOf(['cases', index]).line,
    })),
  };
  const places = new Map<string, Place>();
  for (const [index, { name }] of suite.cases.entries()) {
    const place = document.placeOf(['cases', index]);
    const earlier = places.get(name);
    if (earlier !== undefined) {
      const problem = `cases[${index}]: the case of line ${earlier.line} is called "${name}" too; give one a name of its own`;
      throw wrong(path, [{ place, problem }]);
    }
    places.set(name, place);
  }
  return suite;
}

async function readDocument(path: string): Promise<YamlDocument> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new SqlqError('usage', `The suite ${path} can't be read: ${messageOf(error)}.`, { cause: error });
  }
  try {
    return await parseYaml(text, { numbers: exactNumber });
  } catch (error) {
    if (!(error instanceof YamlError)) {
      throw error;
    }
    throw wrong(path, [{ place: error.place, problem: `it is not YAML: ${error.message}` }]);
  }
}

/** A JavaScript number where that is exact; else the digits. */
function exactNumber(text: string): number | Numeral | string {
  const number = Number(text);
  if (Number.isNaN(number) || !Number.isFinite(number)) {
    return text;
  }
  const numeral = parseNumeral(text);
  if (numeral === null) {
    return number;
  }
  return sameDigits(text, String(number)) ? number : numeral;
}

/** Whether two decimal texts mean the same number; those with exponents are left to the exact side. */
function sameDigits(left: string, right: string): boolean {
  const bare = (text: string): string => {
    const [whole = '', fraction = ''] = text.replace(/^\+/u, '').split('.');
    const digits = fraction.replace(/0+$/u, '');
    return `${whole.replace(/^(-?)0*(?=\d)/u, '$1')}${digits === '' ? '' : `.${digits}`}`;
  };
  return bare(left) === bare(right);
}

interface Problem {
  readonly place: Place | null;
  readonly problem: string;
}

function positionOf({ place }: Problem): number {
  return place === null ? 0 : place.line * 10_000 + place.column;
}

function explain(path: string, document: YamlDocument, error: z.ZodError): SqlqError {
  return wrong(
    path,
    error.issues.flatMap((issue) => problemsOf(issue, document)),
  );
}

/** The lines of each problem as compilers write them, so that an editor jumps there. */
function wrong(path: string, problems: readonly Problem[]): SqlqError {
  const lines = problems
    .toSorted((a, b) => positionOf(a) - positionOf(b))
    .map(
      ({ place, problem }) => `${path}${place === null ? '' : `:${place.line}:${place.column}`}: ${problem}`,
    );
  return new SqlqError('usage', `The suite is not right:\n  ${lines.join('\n  ')}`, {
    hint: 'What may stand in a suite: sqlq test --help',
  });
}

function problemsOf(issue: z.core.$ZodIssue, document: YamlDocument): readonly Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      place: document.placeOf([...issue.path, key]),
      problem: `${pathText([...issue.path, key])}: ${unknownText(key, keysAt(issue.path))}`,
    }));
  }
  // The branch of a union that got furthest into the value says what is wrong within.
  const within =
    issue.code === 'invalid_union'
      ? issue.errors.find((branch) =>
          branch.every(
            ({ path, code }) => path.length > 0 || code === 'unrecognized_keys' || code === 'custom',
          ),
        )
      : undefined;
  if (within !== undefined) {
    return within.flatMap((inner) =>
      problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, document),
    );
  }
  const message = issue.message.replace(/^(?:Invalid \w+: |Too \w+: )|\.$/gu, '');
  return [
    {
      place: document.placeOf(issue.path),
      problem: `${pathText(issue.path)}: ${message}${foundText(issue.input)}`,
    },
  ];
}

function unknownText(key: string, known: readonly string[]): string {
  if (known.includes(key)) {
    return 'it can not stand beside the others';
  }
  const near = nearest(key, known);
  return `there is no such setting${near === null ? '' : `; did you mean ${near}?`}`;
}

function keysAt(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) {
    return Object.keys(suiteSchema.shape);
  }
  if (path.at(-1) === 'rows') {
    return ['unordered', 'sql', 'ordered'];
  }
  return Object.keys((path.at(-1) === 'expect' ? suiteParts.expect : suiteParts.case).shape);
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text === '' ? 'the file' : text.replace(/^\./u, '');
}

function foundText(input: unknown): string {
  if (input === undefined) {
    return '';
  }
  const text = input instanceof Numeral ? input.text : JSON.stringify(input);
  return text === undefined ? '' : `, found ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
}
