import { createParser } from 'eventsource-parser';
import type { Response } from 'undici';
import type { ModelServer } from '../../server.ts';
import { NotCompletionError } from '../errors/failure.ts';
import type { Reply } from './reply.ts';
import { ReplyCollector } from './reply-collector.ts';

const longestReply = 2_000_000;
/** So much of a text that is no reply is kept for the error. */
const longestWords = 4_000;

/** Takes a body piece by piece. */
interface BodyReader {
  feed(text: string): void;
  end(): void;
}

/**
 * Reads a reply that is streamed, or one that a server sent whole in spite of `stream`. The body itself tells which:
 * gateways send either under any type. `onProgress` hears the number of tokens so far. Throws a FailureError where it
 * holds an error, a DroppedError where it ends before the reply does, a NotCompletionError for anything else.
 */
export async function readReply(
  response: Response,
  server: ModelServer,
  onProgress: (tokens: number) => void,
): Promise<Reply> {
  const collector = new ReplyCollector(server, onProgress);
  if (response.body === null) {
    throw new NotCompletionError('an empty body');
  }
  let reader: BodyReader | null = null;
  let head = '';
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    if (reader === null) {
      head = (head + text).trimStart();
      if (head === '') {
        continue;
      }
      reader = /^[[{]/.test(head) ? wholeReader(collector) : eventReader(collector);
      reader.feed(head);
    } else {
      reader.feed(text);
    }
    if (collector.isDone || collector.isEndless) {
      break;
    }
  }
  reader?.end();
  return collector.reply();
}

/** Server-sent events. A ping that is no JSON, an event without data and whatever comes after the end do no harm. */
function eventReader(collector: ReplyCollector): BodyReader {
  const parser = createParser({
    onEvent: ({ data, event }) => {
      const text = data.trim();
      if (text.toUpperCase() === '[DONE]') {
        collector.isDone = true;
      } else if (text !== '' && !collector.isDone && !collector.isEndless) {
        collector.add(text, event === 'error');
      }
    },
    // Older llama.cpp names an error's field `error` instead of `data`.
    onError: (error) => {
      if (error.type === 'unknown-field' && error.field === 'error') {
        collector.add(error.value ?? '""', true);
      }
    },
  });
  let head = '';
  return {
    feed: (text) => {
      head += text.slice(0, longestWords - head.length);
      parser.feed(text);
    },
    end: () => {
      parser.reset({ consume: true });
      // What is no event, as the text of a proxy, is told of.
      collector.note(head.replace(/^(?:data|event|id|retry|):.*$/gmu, '').trim());
      collector.requireEnd();
    },
  };
}

/** One JSON body, or one a line. */
function wholeReader(collector: ReplyCollector): BodyReader {
  let body = '';
  return {
    feed(text) {
      body += text;
      if (body.length > longestReply) {
        throw new NotCompletionError('an endless body');
      }
    },
    end() {
      if (isJson(body)) {
        collector.add(body, false);
      } else {
        for (const line of body.split('\n')) {
          collector.add(line, false);
        }
      }
      collector.requireCompletion();
    },
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
