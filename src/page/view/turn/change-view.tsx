import type { JSX } from 'preact';
import type { Changes } from '../../../serve/api/run.ts';
import { useSpeech } from '../../state/page.ts';
import type { Run } from '../../state/run.ts';
import { PlainText } from '../plain-text.tsx';

/** What a change would do: it is kept only when the user says so. */
export function ChangeView({ run, changes }: { run: Run; changes: Changes }): JSX.Element {
  const { say, number } = useSpeech();
  return (
    <div class="change">
      <h3>{say('change.tried')}</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">{say('change.table')}</th>
            <th scope="col" class="is-number">
              {say('change.rows')}
            </th>
          </tr>
        </thead>
        <tbody>
          {changes.changes.map(({ table, rows }) => (
            <tr key={table}>
              <td>
                <PlainText text={table} />
              </td>
              <td class="is-number">{rows === null ? '–' : number(rows)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {changes.notes.map((note) => (
        <p key={note}>
          <PlainText text={note} />
        </p>
      ))}
      <p class="change-tools">
        <button type="button" class="main danger" onClick={() => void run.keep()}>
          {say('change.keep')}
        </button>
        <button type="button" onClick={run.drop}>
          {say('change.drop')}
        </button>
      </p>
    </div>
  );
}
