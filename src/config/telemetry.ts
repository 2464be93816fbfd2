import { SqlqError } from '../errors.ts';
import { type Environment, variable } from './environment.ts';

/**
 * Where OpenTelemetry's variables want traces to go; null where they want none. The names are those of its specification.
 * Throws a SqlqError `usage` for an address that is none.
 */
export function tracesUrl(environment: Environment): string | null {
  const own = variable(environment, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  const all = variable(environment, 'OTEL_EXPORTER_OTLP_ENDPOINT');
  const isOff =
    variable(environment, 'OTEL_SDK_DISABLED')?.toLowerCase() === 'true' ||
    variable(environment, 'OTEL_TRACES_EXPORTER') === 'none';
  const given = own ?? all;
  if (given === null || isOff) {
    return null;
  }
  const url = URL.parse(given);
  if (url === null || !/^https?:$/u.test(url.protocol)) {
    const name = own === null ? 'OTEL_EXPORTER_OTLP_ENDPOINT' : 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
    throw new SqlqError('usage', `${name} is no address of a collector.`, {
      hint: 'Traces go by OTLP over HTTP: http://localhost:4318',
    });
  }
  return own === null ? `${given.replace(/\/+$/u, '')}/v1/traces` : given;
}
