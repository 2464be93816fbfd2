import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';

/** A line to type, and a button that sends it. */
export function LineForm(props: {
  readonly label: string;
  readonly send: string;
  readonly isBusy: boolean;
  readonly onSend: (text: string) => void;
  /** Whether nothing may be sent too. */
  readonly mayBeEmpty?: boolean;
  readonly isSql?: boolean;
}): JSX.Element {
  const { label, send, isBusy, onSend, mayBeEmpty = false, isSql = false } = props;
  const id = useId();
  const [text, setText] = useState('');
  return (
    <form
      class="line-form"
      onSubmit={(event) => {
        event.preventDefault();
        onSend(text.trim());
      }}
    >
      <label for={id}>
        <span>{label}</span>
        {isSql ? (
          <textarea
            id={id}
            class="is-sql"
            rows={3}
            spellcheck={false}
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        ) : (
          <input id={id} value={text} onInput={({ currentTarget }) => setText(currentTarget.value)} />
        )}
      </label>
      <button type="submit" class="small" disabled={isBusy || (!mayBeEmpty && text.trim() === '')}>
        {send}
      </button>
    </form>
  );
}
