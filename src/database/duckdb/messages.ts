import type { EngineMessages } from '../dialect.ts';

/** What DuckDB says of a statement that it can't parse, bind or compute, from its sources. */
const templates: readonly string[] = [];

export const duckdbMessages: EngineMessages = { codes: new Set(), templates, words: new Set() };
