import type { CORE_SCHEMA, Event, ScalarTagDefinition } from 'js-yaml';

/** A place in a text, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A text that is no YAML: what is wrong, and where. */
export class YamlError extends Error {
  readonly place: Place | null;

  constructor(reason: string, place: Place | null) {
    super(reason);
    this.name = 'YamlError';
    this.place = place;
  }
}

/** A YAML document as data, and where each part of it stands. */
export interface YamlDocument {
  readonly value: unknown;
  /** Where the value at a path begins, or its key; the nearest part above it where the path leads nowhere. */
  placeOf(path: readonly PropertyKey[]): Place;
}

export interface YamlOptions {
  /** Makes a value of a number's own text; by default a JavaScript number, which can't hold every one. */
  readonly numbers?: (text: string) => unknown;
}

/**
 * Reads one YAML document. js-yaml hands out its events with offsets, so that places need no second library. Throws a
 * YamlError.
 */
export async function parseYaml(text: string, options: YamlOptions = {}): Promise<YamlDocument> {
  const library = await import('js-yaml');
  const { CORE_SCHEMA, constructFromEvents, parseEvents, YAMLException } = library;
  try {
    const events = parseEvents(text, {});
    const core =
      options.numbers === undefined ? CORE_SCHEMA : withNumbers(CORE_SCHEMA, library, options.numbers);
    // People share parts by anchors and `<<`, as YAML 1.1 has it.
    const schema = core.withTags(library.mergeTag);
    const documents = constructFromEvents(events, { source: text, schema, maxAliases: 1000 });
    if (documents.length > 1) {
      throw new YamlError('it holds more than one document', null);
    }
    const offsets = offsetsOf(events, (event) => library.getScalarValue(text, event), library);
    return {
      value: documents[0] ?? null,
      placeOf(path) {
        for (let length = path.length; length > 0; length--) {
          const offset = offsets.get(keyOf(path.slice(0, length)));
          if (offset !== undefined) {
            return placeAt(text, offset);
          }
        }
        return placeAt(text, offsets.get(keyOf([])) ?? 0);
      },
    };
  } catch (error) {
    if (!(error instanceof YAMLException)) {
      throw error;
    }
    const { mark } = error;
    throw new YamlError(
      error.reason,
      mark === undefined ? null : { line: mark.line + 1, column: mark.column + 1 },
    );
  }
}

/** Data as YAML that people like to read: long lines are kept, texts of several lines stand as blocks. */
export async function writeYaml(value: unknown): Promise<string> {
  const { dump } = await import('js-yaml');
  return dump(value, { lineWidth: -1, noRefs: true });
}

type Library = typeof import('js-yaml');

function withNumbers(
  core: typeof CORE_SCHEMA,
  { defineScalarTag, floatCoreTag, intCoreTag, NOT_RESOLVED }: Library,
  numbers: (text: string) => unknown,
): typeof CORE_SCHEMA {
  const exact = (tag: ScalarTagDefinition<number>): ScalarTagDefinition =>
    defineScalarTag<unknown>(tag.tagName, {
      implicit: tag.implicit,
      implicitFirstChars: tag.implicitFirstChars,
      identify: () => false,
      resolve: (source, isExplicit, name) =>
        tag.resolve(source, isExplicit, name) === NOT_RESOLVED ? NOT_RESOLVED : numbers(source),
    });
  return core.withTags([exact(intCoreTag), exact(floatCoreTag)]);
}

/** Where the value at each path begins, by a walk through the events in the order of the text. */
function offsetsOf(
  events: readonly Event[],
  textOf: (event: Extract<Event, { valueStart: number }>) => string,
  { EVENT_ID }: Library,
): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  let at = 0;
  const next = (): Event | undefined => events[at++];
  const visit = (event: Event | undefined, path: readonly PropertyKey[]): void => {
    if (event === undefined) {
      return;
    }
    if (event.type === EVENT_ID.SCALAR) {
      offsets.set(keyOf(path), event.valueStart);
    } else if (event.type === EVENT_ID.SEQUENCE) {
      offsets.set(keyOf(path), event.start);
      let index = 0;
      for (let item = next(); item !== undefined && item.type !== EVENT_ID.POP; item = next()) {
        visit(item, [...path, index++]);
      }
    } else if (event.type === EVENT_ID.MAPPING) {
      offsets.set(keyOf(path), event.start);
      for (let key = next(); key !== undefined && key.type !== EVENT_ID.POP; key = next()) {
        // Other keys are none that an object can have, and the library has refused them.
        const name = key.type === EVENT_ID.SCALAR ? textOf(key) : '';
        visit(next(), [...path, name]);
        // A key says better where a value is than the line after it does.
        if (key.type === EVENT_ID.SCALAR) {
          offsets.set(keyOf([...path, name]), key.valueStart);
        }
      }
    }
  };
  const [first] = events;
  if (first?.type === EVENT_ID.DOCUMENT) {
    at = 1;
  }
  visit(next(), []);
  return offsets;
}

function keyOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String));
}

function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
