import { z } from 'zod';
import type { SettingOptions } from '../../src/cli/options/shared.ts';
import { parseSend } from '../../src/config/settings/send.ts';
import { pathFlag, readFlags } from '../needs.ts';

/** The flags of every benchmark that asks the questions of case files, for `parseArgs`. */
export const caseFlags = {
  cases: { type: 'string', multiple: true },
  databases: { type: 'string', multiple: true },
  engine: { type: 'string', default: 'sqlite' },
  server: { type: 'string' },
  limit: { type: 'string' },
  profile: { type: 'string' },
  'base-url': { type: 'string' },
  model: { type: 'string' },
  send: { type: 'string' },
  json: { type: 'string' },
  resume: { type: 'boolean', default: false },
} as const;

const casesNeed =
  '--cases has to name a file of questions, a JSON object a line (bench/answers/README.md says how to get some)';
const databasesNeed = '--databases has to name the folder of their databases';

const optionsSchema = z
  .object({
    cases: z.array(pathFlag(casesNeed), casesNeed).min(1),
    databases: z.array(pathFlag(databasesNeed), databasesNeed).min(1),
    engine: z.enum(['sqlite', 'postgres', 'mysql']),
    server: z.string().optional(),
    limit: z.coerce.number().int().positive().nullable().default(null),
    profile: z.string().optional(),
    'base-url': z.string().optional(),
    model: z.string().optional(),
    send: z.string().optional(),
    json: z.string().optional(),
    resume: z.boolean(),
  })
  .refine(({ cases, databases }) => cases.length === databases.length, {
    message: 'each --cases FILE needs the --databases DIR of its databases',
  })
  .refine(({ resume, json }) => !resume || json !== undefined, {
    message: '--resume goes on with the outcomes in --json FILE',
  });

/** What `caseFlags` were given; `sets` are the case files, each with the folder of its databases. */
export interface CaseOptions extends z.infer<typeof optionsSchema> {
  readonly sets: readonly { readonly file: string; readonly folder: string }[];
  /** The flags of the program itself; `offline` answers where no model is named. */
  readonly flags: SettingOptions;
}

/** Reads what `parseArgs` made of `caseFlags`, or ends the program with a line that names what is missing. */
export function readOptions(values: unknown): CaseOptions {
  const options = readFlags(optionsSchema, values);
  const { cases, databases, profile, model, send } = options;
  const baseUrl = options['base-url'];
  const chosen = profile ?? (baseUrl === undefined ? 'offline' : undefined);
  return {
    ...options,
    sets: cases.map((file, index) => ({ file, folder: databases[index] ?? '' })),
    flags: {
      ...(chosen !== undefined && { profile: chosen }),
      ...(baseUrl !== undefined && { baseUrl }),
      ...(model !== undefined && { model }),
      ...(send !== undefined && { send: parseSend(send) }),
    },
  };
}
