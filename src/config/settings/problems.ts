import type * as z from 'zod';
import { SqlqError } from '../../errors.ts';
import { nearest } from '../../schema/nearest.ts';
import { endpointFields } from './endpoints.ts';
import { databaseSchema, profileSchema, serveSchema, settingsSchema } from './schema.ts';

/** What is wrong with a settings file, a line for each key: what was found, and what is allowed. */
export function explainSettings(path: string, error: z.ZodError): SqlqError {
  const lines = error.issues.flatMap(explainIssue);
  return new SqlqError('usage', `The settings file ${path} is not right:\n  ${lines.join('\n  ')}`, {
    hint: '.sqlqrc.example shows every setting.',
  });
}

function explainIssue(issue: z.core.$ZodIssue): readonly string[] {
  const key = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => explainUnknown(issue.path, name));
  }
  // A value is a text or an object: the branch that has its type says what is wrong within.
  const within = issue.code === 'invalid_union' ? closestBranch(issue) : undefined;
  if (within !== undefined) {
    return within.flatMap((inner) => explainIssue({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  const allowed = issue.message.replace(/^(?:Invalid \w+: |Too \w+: )/u, '');
  return [`${key === '' ? 'the file' : key}: ${allowed}${foundText(key, issue)}`];
}

/** The errors of the union's branch that got furthest into the value; undefined where none got past its type. */
function closestBranch(issue: z.core.$ZodIssueInvalidUnion): readonly z.core.$ZodIssue[] | undefined {
  return issue.errors.find((branch) =>
    branch.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
  );
}

function explainUnknown(path: readonly PropertyKey[], name: string): string {
  const key = [...path.map(String), name].join('.');
  if (name === 'write') {
    return `${key}: writing is never allowed by a file; give --write on the command line`;
  }
  const near = nearest(name, keysAt(path));
  return `${key}: there is no such setting${near === null ? '' : `; did you mean ${near}?`}`;
}

/** The settings that may stand at a path of the file. */
function keysAt([top, , part]: readonly PropertyKey[]): readonly string[] {
  if (top === 'profiles' && part === 'endpoints') {
    return ['url', ...Object.keys(endpointFields)];
  }
  if (top === 'serve') {
    return Object.keys(serveSchema.shape);
  }
  const schemas = { profiles: profileSchema, databases: databaseSchema };
  return Object.keys((top === 'profiles' || top === 'databases' ? schemas[top] : settingsSchema).shape);
}

/** What stood there, unless it may be a secret. */
function foundText(key: string, issue: z.core.$ZodIssue): string {
  const mayBeSecret = /apiKey|headers|password|url|endpoints|databases|users|^database$/iu.test(key);
  if (issue.input === undefined || mayBeSecret) {
    return '';
  }
  const text = JSON.stringify(issue.input);
  return text === undefined ? '' : `, found ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
}
