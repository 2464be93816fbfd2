import type { ServedProfile } from '../../../config/served.ts';
import { SqlqError } from '../../../errors.ts';
import { openUntil } from '../../../model/endpoints/breaker.ts';
import { timeOf } from '../../../model/endpoints/clock.ts';
import { atHost } from '../../../model/endpoints/endpoint.ts';
import type { EndpointRecord } from '../../../model/endpoints/record.ts';
import type { ServedProvider, ServerProbe } from '../../../model/provider.ts';
import type { ModelServer } from '../../../model/server.ts';
import type { CommandContext } from '../../context.ts';
import { keyOf } from '../../run/balanced.ts';
import { modelStateOf } from '../../run/model-state.ts';
import { placesOf, serverOf } from '../../run/profile.ts';
import type { Setup } from '../../run/setup.ts';
import type { Finding } from './finding.ts';

/** A server that does not answer something small within this time is not asked a question. */
const pingMilliseconds = 5_000;

/** What is said of each server of a profile that has several, a line each. One that answers is asked again from now on. */
export async function endpointFindings(
  setup: Setup,
  context: CommandContext,
  selected: ServedProfile,
): Promise<readonly Finding[]> {
  const provider = await selected.provider.load();
  const state = await modelStateOf(setup);
  const { endpoints, sharing } = selected;
  const each = await Promise.all(
    endpoints.map(async ({ server, weight }): Promise<Finding> => {
      const found = await probe(provider, serverOf(server, setup.cache), context.signal);
      const record = state.update([keyOf(server)], (records) => ({
        records: records.map((one) => ('problem' in found ? one : wellAgain(one))),
        value: records[0],
      }));
      return findingOf(server, weight, found, record);
    }),
  );
  const { strategy, fallback } = sharing;
  return [
    { state: 'good', text: `profile ${placesOf(selected)}, by ${strategy} (${selected.why})` },
    ...each,
    ...(fallback.length === 0
      ? []
      : [{ state: 'good' as const, text: `where none answers: ${fallback.join(', then ')}` }]),
  ];
}

/** A record of a server that has just answered. */
function wellAgain(record: EndpointRecord): EndpointRecord {
  return { ...record, breaker: null, isReady: false, waitUntil: 0, triedUntil: 0, problem: null };
}

/** What a server can do, or what is wrong with it. */
type Probed = { readonly able: ServerProbe } | { readonly problem: SqlqError };

async function probe(provider: ServedProvider, server: ModelServer, signal: AbortSignal): Promise<Probed> {
  try {
    await provider.listModels(server, AbortSignal.any([signal, AbortSignal.timeout(pingMilliseconds)]));
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SqlqError)) {
      return {
        problem: new SqlqError('failed', 'It takes connections and says nothing', {
          hint: "Start it anew; the server's own log says why.",
        }),
      };
    }
    // A list that is kept from us is no harm where a question is answered.
  }
  const able = await provider.probe(server, signal);
  return able.problem === null ? { able } : { problem: able.problem };
}

function findingOf(
  { baseUrl, model }: ServedProfile['server'],
  weight: number,
  found: Probed,
  record: EndpointRecord | undefined,
): Finding {
  const { host } = new URL(baseUrl);
  const until = record === undefined ? null : openUntil(record);
  if ('problem' in found) {
    const alone =
      until !== null && until > Date.now() ? `; no question goes there until ${timeOf(until)}` : '';
    const text = `${atHost(host, found.problem.message)}${alone}`.replace(/\s*\n\s*/gu, ' ');
    return { state: 'bad', text, hint: found.problem.hint ?? undefined };
  }
  const { hasModel, models, contextSize, structuredOutput } = found.able;
  if (hasModel === false) {
    return {
      state: 'bad',
      text: `${host}: it does not list ${model}`,
      hint: `It has: ${(models ?? []).slice(0, 12).join(', ')}.`,
    };
  }
  const facts = [
    model,
    ...(weight === 1 ? [] : [`weight ${weight}`]),
    contextSize === null ? 'a window of unknown size' : `a window of ${contextSize} tokens`,
    ...(structuredOutput === null ? [] : [`answers in shape by ${structuredOutput}`]),
    ...(until === null ? [] : ['well again, and asked again from now on']),
  ];
  return { state: 'good', text: `${host}: ${facts.join(', ')}` };
}
