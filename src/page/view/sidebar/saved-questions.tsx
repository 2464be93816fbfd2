import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { SavedQuestion } from '../../state/library.ts';
import { usePage, useSpeech } from '../../state/page.ts';
import { PlainText, plainText } from '../plain-text.tsx';
import { SqlText } from '../sql-text.tsx';
import { Listed } from './listed.tsx';

/** Saved questions, each with its values as a form. */
export function SavedQuestions({ onPick }: { onPick: () => void }): JSX.Element {
  const { library } = usePage();
  const { say } = useSpeech();
  return (
    <Listed entries={library.saved.value} none={say('side.noSaved')}>
      {(saved) => (
        <li key={saved.name}>
          <details class="saved">
            <summary>
              <b class="cut">
                <PlainText text={saved.name} />
              </b>
              <small>
                <PlainText text={saved.question} />
              </small>
            </summary>
            <SavedForm saved={saved} onPick={onPick} />
          </details>
        </li>
      )}
    </Listed>
  );
}

function SavedForm({ saved, onPick }: { saved: SavedQuestion; onPick: () => void }): JSX.Element {
  const { thread } = usePage();
  const { say } = useSpeech();
  const id = useId();
  return (
    <form
      aria-label={say('saved.parameters', { name: plainText(saved.name) })}
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const typed = saved.parameters.map(({ name }): [string, string | null] => {
          const value = form.get(name);
          return [name, typeof value === 'string' && value !== '' ? value : null];
        });
        thread.askSaved(saved, Object.fromEntries(typed.filter(([, value]) => value !== null)));
        onPick();
      }}
    >
      {saved.parameters.map((parameter, index) => (
        <label key={parameter.name} for={`${id}-${index}`}>
          <span>
            <PlainText text={parameter.name} />
            {parameter.description !== null && (
              <small>
                {' '}
                <PlainText text={parameter.description} />
              </small>
            )}
          </span>
          <ParameterInput parameter={parameter} id={`${id}-${index}`} />
        </label>
      ))}
      <details>
        <summary>{say('answer.sql')}</summary>
        <SqlText sql={saved.sql} label={say('answer.sql')} />
      </details>
      <button type="submit" class="main small">
        {say('saved.ask')}
      </button>
    </form>
  );
}

function ParameterInput(props: {
  readonly parameter: SavedQuestion['parameters'][number];
  readonly id: string;
}): JSX.Element {
  const { parameter, id } = props;
  const { name, type, choices } = parameter;
  const usual = parameter.default === null ? '' : String(parameter.default);
  if (choices !== null) {
    return (
      <select id={id} name={name}>
        {choices.map((choice) => {
          const value = choice === null ? '' : String(choice);
          return (
            <option key={value} value={value} selected={value === usual}>
              {plainText(value)}
            </option>
          );
        })}
      </select>
    );
  }
  if (type === 'date') {
    return <input id={id} name={name} type="date" defaultValue={usual} required={usual === ''} />;
  }
  // A number's field would round what a double does not hold.
  const mode = type === 'integer' || type === 'number' ? 'decimal' : 'text';
  return <input id={id} name={name} inputMode={mode} defaultValue={usual} required={usual === ''} />;
}
