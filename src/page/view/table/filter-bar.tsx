import type { JSX } from 'preact';
import type { Filter } from '../../rows/order.ts';
import type { Column } from '../../rows/readable-rows.ts';
import { useSpeech } from '../../state/page.ts';
import { plainText } from '../plain-text.tsx';

/** A text that the rows must have, and in which column. */
export function FilterBar(props: {
  readonly columns: readonly Column[];
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
  /** Rows that pass; null where all do. */
  readonly shown: number | null;
  readonly count: number;
  readonly isOrdering: boolean;
}): JSX.Element {
  const { columns, filter, onFilter, shown, count, isOrdering } = props;
  const { say, number } = useSpeech();
  return (
    <div class="filter-bar">
      <input
        type="search"
        aria-label={say('rows.filter')}
        placeholder={`${say('rows.filter')}: ${say('rows.filterHint')}`}
        value={filter.text}
        onInput={({ currentTarget }) => onFilter({ ...filter, text: currentTarget.value })}
      />
      <select
        aria-label={say('rows.filterColumn')}
        value={filter.column ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onFilter({ ...filter, column: value === '' ? null : Number(value) })
        }
      >
        <option value="">{say('rows.everyColumn')}</option>
        {columns.map(({ name }, index) => (
          <option key={index} value={index}>
            {plainText(name)}
          </option>
        ))}
      </select>
      {shown !== null && shown !== count && (
        <span class="hint">{say('rows.shown', { shown: number(shown), count: number(count) })}</span>
      )}
      {isOrdering && <span class="hint">{say('rows.sorting')}</span>}
    </div>
  );
}
