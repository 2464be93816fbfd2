import type { JSX } from 'preact';
import { useSpeech } from '../../state/page.ts';
import { PlainText } from '../plain-text.tsx';
import type { Point } from './point.ts';

/** A bar a row, from zero to either side. */
export function Bars({ points, label }: { points: readonly Point[]; label: string }): JSX.Element {
  const { number, say } = useSpeech();
  const values = points.map(({ value }) => value ?? 0);
  const least = Math.min(0, ...values);
  const extent = Math.max(0, ...values) - least || 1;
  const percent = (value: number): string => `${(100 * value) / extent}%`;
  return (
    <table class="bars" aria-label={label}>
      <tbody>
        {points.map(({ label: name, value }) => (
          <tr key={name}>
            <th scope="row">
              <PlainText text={name} />
            </th>
            <td class="bar-place">
              {value !== null && (
                <span
                  class="bar"
                  style={{ left: percent(Math.min(value, 0) - least), width: percent(Math.abs(value)) }}
                />
              )}
            </td>
            <td class="is-number">{value === null ? say('rows.null') : number(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
