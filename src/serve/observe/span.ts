/** What a span says of its work; names are those of OpenTelemetry's semantic conventions. */
export type Attributes = Readonly<Record<string, string | number | boolean | null>>;

/** A piece of work of a trace. Nothing of it may throw. */
export interface Span {
  /** Begins a part of it; `kind` says whose work it is: our own, or another server's. */
  child(name: string, kind: 'internal' | 'client', attributes?: Attributes): Span;
  /** Says more of it; what is null is left out. */
  set(attributes: Attributes): void;
  /** It has failed, with a code of ours or the name of what was thrown. */
  fail(type: string): void;
  end(): void;
}

/** Where traces go. */
export interface Traces {
  /** Begins what is done for a request, whose headers may say which trace it belongs to. */
  begin(name: string, headers: Readonly<Record<string, string | string[] | undefined>>): Span;
  /** Sends what is left. */
  close(): Promise<void>;
}

/** Says nothing to nobody. */
export const noSpan: Span = {
  child: () => noSpan,
  set: () => {},
  fail: () => {},
  end: () => {},
};

export const noTraces: Traces = { begin: () => noSpan, close: async () => {} };
