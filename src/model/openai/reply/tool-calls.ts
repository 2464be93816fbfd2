import type { ToolCall } from '../../message.ts';
import type { WireToolCall } from './wire.ts';

interface Open {
  readonly place: number;
  readonly id: string | null;
  name: string;
  arguments: string;
}

/**
 * Puts tool calls together from the pieces of a stream, or takes them whole. By the protocol a piece says by its index which
 * call it belongs to; servers that send each call whole say 0 for all or nothing, some send no id, some repeat id and name.
 */
export class ToolCallCollector {
  private readonly open: Open[] = [];

  /** Takes the calls of one message or chunk; returns the text that came with them. */
  add(pieces: readonly WireToolCall[]): string {
    return pieces.map((piece, place) => this.addPiece(piece, place)).join('');
  }

  private addPiece(piece: WireToolCall, place: number): string {
    const index = piece.index ?? place;
    const id = piece.id?.trim() || null;
    const name = piece.function?.name ?? '';
    const given = piece.function?.arguments ?? '';
    const text = typeof given === 'string' ? given : JSON.stringify(given);
    const last = this.open.findLast((call) => call.place === index);
    if (last === undefined || isAnother(last, id, name)) {
      this.open.push({ place: index, id, name, arguments: text });
      return text;
    }
    last.name ||= name;
    last.arguments += text;
    return text;
  }

  /** The text of the last call so far. */
  get last(): string {
    return this.open.at(-1)?.arguments ?? '';
  }

  /** The calls in the order in which they began; one without an id is given one. */
  get calls(): readonly ToolCall[] {
    return this.open
      .filter(({ name, arguments: text }) => name !== '' || text !== '')
      .map((call, index) => ({
        id: call.id ?? `call_${index + 1}`,
        name: call.name,
        arguments: call.arguments,
      }));
  }
}

/** Whether a piece for the place of a call begins another one: it has another id, or names a tool when the call is whole. */
function isAnother(call: Open, id: string | null, name: string): boolean {
  if (id !== null && call.id !== null) {
    return id !== call.id;
  }
  return name !== '' && call.name !== '' && isWhole(call.arguments);
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
