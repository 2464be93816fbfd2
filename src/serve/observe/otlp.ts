import {
  type Context,
  type Span as Recorded,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Attributes, Span, Traces } from './span.ts';

/** Who sends traces, and where to. */
export interface TraceOptions {
  readonly url: string;
  readonly version: string;
  /** Tells this process from the others of the service. */
  readonly instance: string;
}

const kinds = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT } as const;

/**
 * Sends traces by OTLP over HTTP, in batches and in the background; what can't be sent is dropped. Headers, timeouts and
 * sampling are as OpenTelemetry's own variables say.
 */
export function openTraces({ url, version, instance }: TraceOptions): Traces {
  const own = resourceFromAttributes({
    'service.name': 'sqlq',
    'service.version': version,
    'service.instance.id': instance,
  });
  const provider = new BasicTracerProvider({
    resource: own.merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  const tracer = provider.getTracer('sqlq', version);

  function spanOf(recorded: Recorded): Span {
    return {
      child: (name, kind, attributes = {}) =>
        spanOf(
          tracer.startSpan(
            name,
            { kind: kinds[kind], attributes: known(attributes) },
            trace.setSpan(ROOT_CONTEXT, recorded),
          ),
        ),
      set: (attributes) => void recorded.setAttributes(known(attributes)),
      fail(type) {
        recorded.setAttribute('error.type', type);
        recorded.setStatus({ code: SpanStatusCode.ERROR });
      },
      end: () => recorded.end(),
    };
  }

  return {
    begin: (name, headers) =>
      spanOf(tracer.startSpan(name, { kind: SpanKind.SERVER }, contextOf(headers['traceparent']))),
    close: () => provider.shutdown().catch(() => {}),
  };
}

/** The trace that a caller's own request is a part of, by the W3C's Trace Context. */
function contextOf(header: string | string[] | undefined): Context {
  const [, traceId, spanId, flags] =
    /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/u.exec(String(header)) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) {
    return ROOT_CONTEXT;
  }
  const traceFlags = Number.parseInt(flags, 16);
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function known(attributes: Attributes): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}
