import type { JSX } from 'preact';
import { cellText } from '../../rows/cell-text.ts';
import type { RowStore } from '../../rows/row-store.ts';
import { useSpeech } from '../../state/page.ts';
import { PlainText } from '../plain-text.tsx';

/** Columns whose numbers are names of something, and are written as they are. */
const isName = /(?:^|_)(?:id|year|jahr|año|ano|zip|plz|code|number|no|nr)$/iu;

/** A result that is one value. */
export function BigNumber({ rows }: { rows: RowStore }): JSX.Element {
  const { number, say } = useSpeech();
  const name = rows.columns[0]?.name ?? '';
  const text = cellText(rows.cell(0, 0));
  const isGrouped = text !== null && rows.isNumeric(0) && !isName.test(name);
  return (
    <p class="big-number">
      <span class="big-number-name">
        <PlainText text={name} />
      </span>
      <strong {...(text !== null && text.length > 24 ? { class: 'is-long' } : {})} title={text ?? ''}>
        {text === null ? say('rows.null') : isGrouped ? number(text) : <PlainText text={text} lines />}
      </strong>
    </p>
  );
}
