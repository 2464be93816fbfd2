import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { cellText } from '../../rows/cell-text.ts';
import type { RowStore } from '../../rows/row-store.ts';
import { useSpeech } from '../../state/page.ts';
import { PlainText, plainText } from '../plain-text.tsx';
import { Bars } from './bars.tsx';
import { Line } from './line.tsx';
import type { Point } from './point.ts';
import type { Chart } from './suiting.ts';

/** The chart of rows, of one column of numbers at a time. */
export function ChartView({ chart, rows }: { chart: Chart; rows: RowStore }): JSX.Element {
  const { say } = useSpeech();
  const [chosen, setChosen] = useState(chart.values[0] ?? 0);
  const nameOf = (column: number): string => rows.columns[column]?.name ?? '';
  const points = Array.from({ length: rows.length }, (_, row): Point => {
    const cell = rows.cell(row, chosen);
    return {
      label: cellText(rows.cell(row, chart.label)) ?? say('rows.null'),
      value: cell === null ? null : Number(cell),
    };
  });
  const label = say('chart.label', {
    value: plainText(nameOf(chosen)),
    label: plainText(nameOf(chart.label)),
  });
  return (
    <figure class="chart">
      <figcaption>
        {chart.values.length > 1 ? (
          <select
            aria-label={label}
            value={chosen}
            onChange={({ currentTarget }) => setChosen(Number(currentTarget.value))}
          >
            {chart.values.map((column) => (
              <option key={column} value={column}>
                {plainText(nameOf(column))}
              </option>
            ))}
          </select>
        ) : (
          <PlainText text={nameOf(chosen)} />
        )}
      </figcaption>
      {chart.kind === 'bars' ? (
        <Bars points={points} label={label} />
      ) : (
        <Line points={points} label={label} />
      )}
    </figure>
  );
}
