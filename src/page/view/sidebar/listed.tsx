import type { JSX } from 'preact';
import { useSpeech } from '../../state/page.ts';

/** A list, or what is said while it is coming and where it is empty. */
export function Listed<Entry>(props: {
  readonly entries: readonly Entry[] | null;
  readonly none: string;
  readonly children: (entry: Entry) => JSX.Element;
}): JSX.Element {
  const { entries, none, children } = props;
  const { say } = useSpeech();
  if (entries === null || entries.length === 0) {
    return <p class="hint">{entries === null ? say('side.loading') : none}</p>;
  }
  return <ul class="entries">{entries.map(children)}</ul>;
}
