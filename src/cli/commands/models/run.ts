import type { ServedProfile } from '../../../config/served.ts';
import { type ExitCode, SqlqError } from '../../../errors.ts';
import { atHost } from '../../../model/endpoints/endpoint.ts';
import type { ListedModel, ServedProvider } from '../../../model/provider.ts';
import { escapeLine } from '../../../render/escape.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { jsonText } from '../../run/json.ts';
import { chooseProfile, serverOf } from '../../run/profile.ts';
import { type Setup, withSetup } from '../../run/setup.ts';
import type { ModelsOptions } from './options.ts';

/** `sqlq models`: what a profile's server has. */
export function run(
  { options }: Invocation<string | undefined, ModelsOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (setup) => {
    const { terminal } = setup;
    // A server can be asked for its models before anybody has chosen one.
    const { values, sources } = setup.settings;
    const settings =
      values.model === null
        ? { ...setup.settings, values: { ...values, model: '?' }, sources: { ...sources, model: '--model' } }
        : setup.settings;
    const selected = await chooseProfile({ ...setup, settings }, context);
    if (selected.kind === 'offline') {
      throw new SqlqError('usage', `The offline engine has no models (${selected.why}).`, {
        hint: 'Name another with --profile or --base-url.',
      });
    }
    const provider = await selected.provider.load();
    terminal.progress.step(`Asking ${selected.name} for its models`);
    const models: readonly ModelOfEndpoint[] =
      selected.endpoints.length === 1
        ? await provider.listModels(serverOf(selected.server, setup.cache), context.signal)
        : await modelsOfEach(setup, selected, provider, context.signal);
    terminal.progress.stop();
    if (options.json === true) {
      await terminal.print(jsonText(models));
    } else {
      const width = Math.max(0, ...models.map(({ host = '' }) => host.length));
      const lineOf = ({ host, name }: ModelOfEndpoint): string =>
        `${host === undefined ? '' : `${host.padEnd(width)}  `}${escapeLine(name)}\n`;
      await terminal.print(models.map(lineOf).join(''));
    }
    return undefined;
  });
}

interface ModelOfEndpoint extends ListedModel {
  /** The server, where a profile has several. */
  readonly host?: string;
}

/** A server that does not list its models within this time is left out. */
const longestMilliseconds = 10_000;

/** The models of each endpoint; one that lists none is told of. Rejects where none of them does. */
async function modelsOfEach(
  { terminal, cache }: Setup,
  { endpoints }: ServedProfile,
  provider: ServedProvider,
  signal: AbortSignal,
): Promise<readonly ModelOfEndpoint[]> {
  const lists = await Promise.allSettled(
    endpoints.map(async ({ server }) => {
      const { host } = new URL(server.baseUrl);
      const inTime = AbortSignal.any([signal, AbortSignal.timeout(longestMilliseconds)]);
      const models = await provider.listModels(serverOf(server, cache), inTime);
      return models.map((model) => ({ ...model, host }));
    }),
  );
  signal.throwIfAborted();
  const failures = lists.flatMap((list, index) => {
    const { host = '' } = URL.parse(endpoints[index]?.server.baseUrl ?? '') ?? {};
    return list.status === 'fulfilled' ? [] : [{ host, error: list.reason as unknown }];
  });
  for (const { host, error } of failures) {
    const why = error instanceof SqlqError ? error.message : 'it says nothing';
    terminal.warn(terminal.style('yellow', terminal.escape(atHost(host, why))));
  }
  if (failures.length === lists.length) {
    throw new SqlqError('failed', 'No endpoint lists its models.', {
      hint: 'Name one with --model; questions need no list.',
    });
  }
  return lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : []));
}
