import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { SchemaReply } from '../../../serve/api/databases.ts';
import { usePage, useSpeech } from '../../state/page.ts';
import { PlainText } from '../plain-text.tsx';
import { Listed } from './listed.tsx';

type Table = SchemaReply['tables'][number];

/** The tables of the database that is asked, as far as one may see them. */
export function Tables(): JSX.Element {
  const { library } = usePage();
  const { say } = useSpeech();
  const [wanted, setWanted] = useState('');
  const name = library.database.value;
  useEffect(() => {
    if (name !== '') {
      void library.loadSchema();
    }
  }, [library, name]);
  const word = wanted.trim().toLowerCase();
  const has = ({ name: table, columns }: Table): boolean =>
    table.toLowerCase().includes(word) || columns.some((column) => column.name.toLowerCase().includes(word));
  const tables = library.schema.value?.tables.filter(has) ?? null;
  return (
    <>
      <label class="find">
        <span class="unseen-by-eye">{say('side.search')}</span>
        <input
          type="search"
          placeholder={say('side.search')}
          value={wanted}
          onInput={({ currentTarget }) => setWanted(currentTarget.value)}
        />
      </label>
      <Listed entries={tables} none={say('side.noTables')}>
        {(table) => (
          <li key={`${table.schema}.${table.name}`}>
            <details class="table-names">
              <summary class="cut">
                <PlainText text={table.name} />
              </summary>
              {table.comment !== null && (
                <p class="hint">
                  <PlainText text={table.comment} />
                </p>
              )}
              <ul>
                {table.columns.map((column) => (
                  <li key={column.name}>
                    <PlainText text={column.name} />{' '}
                    <small>
                      <PlainText text={[column.type, ...marks(table, column.name, say)].join(' · ')} />
                    </small>
                  </li>
                ))}
              </ul>
            </details>
          </li>
        )}
      </Listed>
    </>
  );
}

function marks(table: Table, column: string, say: ReturnType<typeof useSpeech>['say']): readonly string[] {
  const keys = table.primaryKey.includes(column) ? [say('side.primaryKey')] : [];
  const foreign = table.foreignKeys
    .filter(({ columns }) => columns.includes(column))
    .map(({ references }) => say('side.references', { table: references.table }));
  return [...keys, ...foreign];
}
