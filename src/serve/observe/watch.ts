import type { Report } from '../../ask/report.ts';
import { SqlqError } from '../../errors.ts';
import type { Model, ModelReply } from '../../model/model.ts';
import type { Observe } from '../observe.ts';
import type { Span } from './span.ts';

/** Who watches the work for one request. */
export interface Watching {
  readonly observe: Observe;
  readonly span: Span;
}

/** A report whose steps are measured, and are parts of the request's trace. */
export function watchedReport(report: Report, { observe, span }: Watching): Report {
  return {
    data: report.data,
    async time(name, step) {
      const part = span.child(name, 'internal');
      const start = performance.now();
      try {
        return await report.time(name, step);
      } catch (error) {
        part.fail(typeOf(error));
        throw error;
      } finally {
        part.end();
        observe.step(name, (performance.now() - start) / 1_000);
      }
    },
  };
}

/**
 * A model whose use is told to the trace by the conventions for generative models:
 * https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/. What was asked and answered is not told.
 */
export function watchedModel(model: Model, span: Span): Model {
  return {
    provider: model.provider,
    name: model.name,
    async answer(request, signal) {
      const part = span.child(`chat ${model.name}`, 'client', {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': model.provider,
        'gen_ai.request.model': model.name,
        'gen_ai.request.max_tokens': request.mostTokens ?? null,
      });
      try {
        const reply = await model.answer(request, signal);
        part.set(toldOf(reply));
        return reply;
      } catch (error) {
        part.fail(typeOf(error));
        throw error;
      } finally {
        part.end();
      }
    },
  };
}

function toldOf({ usage, answeredBy, dollars }: ModelReply) {
  const host = answeredBy?.host == null ? null : URL.parse(`http://${answeredBy.host}`);
  return {
    'gen_ai.response.model': answeredBy?.model ?? null,
    'gen_ai.usage.input_tokens': usage?.promptTokens ?? null,
    'gen_ai.usage.output_tokens': usage?.completionTokens ?? null,
    'gen_ai.usage.cache_read.input_tokens': usage?.cachedTokens ?? null,
    'server.address': host?.hostname ?? null,
    'server.port': host === null || host.port === '' ? null : Number(host.port),
    'sqlq.dollars': dollars ?? null,
  };
}

function typeOf(error: unknown): string {
  return error instanceof SqlqError ? error.code : error instanceof Error ? error.name : 'unknown';
}
