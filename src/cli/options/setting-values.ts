import { parseSend } from '../../config/send.ts';
import type { FlagValues } from '../../config/values.ts';
import type { SettingOptions } from './shared.ts';

/** The options of any command as settings: what was not given is absent. Throws a SqlqError `usage`. */
export function settingValues(options: SettingOptions): FlagValues {
  return {
    profile: options.profile,
    baseUrl: options.baseUrl,
    model: options.model,
    database: options.db,
    format: options.format,
    limit: options.limit,
    timeout: options.timeout,
    memoryLimit: options.memoryLimit,
    send: options.send === undefined ? undefined : parseSend(options.send.join(',')),
    hide: options.hide,
    schemas: options.schema,
    include: options.include,
    exclude: options.exclude,
    maxRowsScanned: options.maxRowsScanned,
    maxCost: options.maxCost,
    maxTokens: options.maxTokens,
    temperature: options.temperature,
    cache: options.cache === false ? false : undefined,
    csvSafe: options.csvSafe,
    color: options.color,
  };
}
