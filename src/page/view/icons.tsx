import type { JSX } from 'preact';

const paths = {
  menu: 'M4 6h16M4 12h16M4 18h16',
  close: 'm6 6 12 12M18 6 6 18',
  plus: 'M12 5v14M5 12h14',
  send: 'M5 12h14m-6-6 6 6-6 6',
  run: 'M8 5.5v13l10.5-6.5z',
  doubt: 'M12 3.5 2.8 19.5h18.4zM12 10v4.5m0 2.6v.1',
  failed: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18m0 4.5V13m0 3.2v.1',
  good: 'M7 11v9H4v-9zm0 0 4-8a2.4 2.4 0 0 1 2.4 2.6L13 9h5.6a2 2 0 0 1 2 2.4l-1.3 6.9a2 2 0 0 1-2 1.7H7',
  bad: 'M17 13V4h3v9zm0 0-4 8a2.4 2.4 0 0 1-2.4-2.6L11 15H5.4a2 2 0 0 1-2-2.4l1.3-6.9a2 2 0 0 1 2-1.7H17',
  settings: 'M4 7h9m5 0h2M4 17h2m5 0h9M15.5 4.5v5M8.5 14.5v5',
  leave: 'M14 4H6v16h8M10 12h10m-3.5-3.5L20 12l-3.5 3.5',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20a7.5 7.5 0 0 1 15 0',
  table: 'M4 5h16v14H4zM4 10h16M10 10v9',
  trash: 'M5 7h14M10 7V4.5h4V7m-7.5 0 .8 12.5h9.4L17.5 7',
  down: 'M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 19.5h14',
} as const;

/** A picture beside words, which say the same. */
export function Icon({ name }: { name: keyof typeof paths }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
