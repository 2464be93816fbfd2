import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { usePage, useSpeech } from '../../state/page.ts';
import type { Editor } from './code-mirror.ts';

/** An editor of SQL that is loaded when there is something to edit. */
export function SqlEditor(props: {
  readonly sql: string;
  readonly onChange: (sql: string) => void;
  readonly onSend: () => void;
}): JSX.Element {
  const { library } = usePage();
  const { say } = useSpeech();
  const place = useRef<HTMLDivElement>(null);
  const last = useRef(props);
  last.current = props;
  const label = say('answer.editor');
  useEffect(() => {
    let editor: Editor | null = null;
    let isGone = false;
    const load = async (host: HTMLElement): Promise<void> => {
      const [{ openEditor }] = await Promise.all([import('./code-mirror.ts'), library.loadSchema()]);
      if (!isGone) {
        const tables = library.schema.value?.tables ?? [];
        editor = openEditor(host, {
          sql: last.current.sql,
          label,
          names: Object.fromEntries(
            tables.map(({ name, columns }) => [name, columns.map((one) => one.name)]),
          ),
          onChange: (sql) => last.current.onChange(sql),
          onSend: () => last.current.onSend(),
        });
      }
    };
    if (place.current !== null) {
      void load(place.current);
    }
    return () => {
      isGone = true;
      editor?.close();
    };
  }, [library, label]);
  return <div class="sql-editor" ref={place} />;
}
