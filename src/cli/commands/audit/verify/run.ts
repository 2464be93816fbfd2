import { type ExitCode, exitCodes } from '../../../../errors.ts';
import { counted } from '../../../../render/quantity.ts';
import { readAuditKey } from '../../../../serve/audit/key.ts';
import { type Verdict, verifyFile, verifyFolder } from '../../../../serve/audit/verify.ts';
import type { Invocation } from '../../../command.ts';
import type { CommandContext } from '../../../context.ts';
import { jsonText } from '../../../run/json.ts';
import { onlyOwn, serveSettings } from '../../../run/serve-settings.ts';
import { withSetup } from '../../../run/setup.ts';
import type { VerifyOptions } from '../options.ts';
import { logPlace } from '../place.ts';

/** `sqlq audit verify`: whether a log is as it was written. */
export function run(
  { argument, options }: Invocation<string | undefined, VerifyOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  const { keyFile: given, hash, from = 1, json, config, ...others } = options;
  const only = onlyOwn({ config }, context);
  return withSetup(
    others,
    context,
    async ({ terminal, settings }) => {
      const { path, isFolder } = await logPlace(argument, context);
      const keyFile = given ?? serveSettings(settings, context).auditKeyFile;
      const how = {
        key: keyFile === undefined ? null : await readAuditKey(keyFile, context.workingDirectory),
        hash: hash?.toLowerCase() ?? null,
        from,
      };
      const verdict = await (isFolder ? verifyFolder(path, how) : verifyFile(path, how));
      await terminal.print(json === true ? jsonText(verdict) : `${terminal.escape(sentence(verdict))}\n`);
      return verdict.problem === null ? exitCodes.answered : exitCodes.failed;
    },
    only,
  );
}

function sentence({ problem, first, last, records, files, endChecked }: Verdict): string {
  if (problem !== null) {
    const where = problem.line === null ? problem.file : `${problem.file}, line ${problem.line}`;
    const before = last === null ? '' : `\nUp to record ${last.record} all is as it was written.`;
    return `${where}: ${problem.what}${before}`;
  }
  if (last === null || first === null) {
    return 'The log has no record yet.';
  }
  const until = endChecked
    ? ''
    : '\nWhether records are missing at its end can not be told from this file alone.';
  const what = `${counted(records, 'record')}, from ${first} to ${last.record}, in ${counted(files, 'file')}`;
  return `All is as it was written: ${what}.\nThe last hash is ${last.hash}${until}`;
}
