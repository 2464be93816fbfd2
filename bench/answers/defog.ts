import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { Case } from './cases.ts';

const rowSchema = z.object({
  question: z.string(),
  query: z.string(),
  db_name: z.string(),
  query_category: z.string(),
});

/** Reads a file of Defog's sql-eval: questions with one or several accepted queries each. */
export function readDefog(file: string): Case[] {
  const rows = z
    .array(rowSchema)
    .parse(parse(readFileSync(file, 'utf8'), { columns: true, relax_quotes: true }));
  return rows.map((row, index) => ({
    id: `${row.query_category}-${index}`,
    set: row.query_category,
    database: row.db_name,
    question: row.question,
    golds: row.query
      .split(';')
      .map((query) => query.trim())
      .filter((query) => query !== '')
      .flatMap(expandBraces),
  }));
}

/**
 * The queries that one with braces stands for: `SELECT {a, b}, c … GROUP BY {}` accepts any of the columns in braces, at
 * least one, and groups by those that were taken. Source: the README of defog-ai/sql-eval.
 */
export function expandBraces(query: string): string[] {
  const match = /\{([^{}]+)\}/.exec(query);
  if (match === null) {
    return [query];
  }
  const columns = splitColumns(match[1] ?? '');
  const results: string[] = [];
  for (let mask = (1 << columns.length) - 1; mask > 0; mask--) {
    const taken = columns.filter((_, index) => (mask & (1 << index)) !== 0);
    const groups = taken.map((column) => column.replace(/\s+AS\s+\S+$/i, '')).join(', ');
    const chosen =
      query.slice(0, match.index) + taken.join(', ') + query.slice(match.index + match[0].length);
    results.push(...expandBraces(chosen.replaceAll('{}', groups)));
  }
  return results;
}

function splitColumns(list: string): string[] {
  const columns: string[] = [];
  let depth = 0;
  let column = '';
  for (const character of list) {
    if (character === '(') {
      depth++;
    }
    if (character === ')') {
      depth--;
    }
    if (character === ',' && depth === 0) {
      columns.push(column.trim());
      column = '';
    } else {
      column += character;
    }
  }
  return [...columns, column.trim()].filter((text) => text !== '');
}
