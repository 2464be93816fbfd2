import { ticks } from 'd3-array';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useSpeech } from '../../state/page.ts';
import { plainText } from '../plain-text.tsx';
import type { Point } from './point.ts';

const height = 260;
const bottom = 28;
const top = 12;
const letterWidth = 7;

/** Numbers over time, in the order of the times. */
export function Line({ points, label }: { points: readonly Point[]; label: string }): JSX.Element {
  const { number } = useSpeech();
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const element = place.current;
    if (element === null) {
      return;
    }
    const observer = new ResizeObserver(() => setWidth(Math.max(element.clientWidth, 240)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const sorted = points.toSorted((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0));
  const values = sorted.flatMap(({ value }) => (value === null ? [] : [value]));
  const marks = ticks(Math.min(0, ...values), Math.max(0, ...values), 5);
  const least = Math.min(...marks, ...values);
  const most = Math.max(...marks, ...values);
  const short = (value: number): string => number(value, { notation: 'compact', maximumFractionDigits: 2 });
  const left = Math.max(...marks.map((mark) => short(mark).length)) * letterWidth + 12;
  const x = (index: number): number => left + ((width - left - 12) * index) / Math.max(sorted.length - 1, 1);
  const y = (value: number): number => top + ((height - top - bottom) * (most - value)) / (most - least || 1);
  const path = sorted
    .map(({ value }, index) => ({ value, index }))
    .reduce(
      ({ text, isBroken }, { value, index }) =>
        value === null
          ? { text, isBroken: true }
          : {
              text: `${text}${isBroken ? 'M' : 'L'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`,
              isBroken: false,
            },
      { text: '', isBroken: true },
    ).text;
  const labelled = every(sorted.length, Math.max(2, Math.floor((width - left) / 110)));
  return (
    <div
      ref={place}
      class="line-place"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by the keyboard too
      tabIndex={0}
    >
      <svg role="img" aria-label={label} width={width} height={height} class="line">
        {marks.map((mark) => (
          <g key={mark}>
            <line x1={left} x2={width - 12} y1={y(mark)} y2={y(mark)} class={mark === 0 ? 'axis' : 'guide'} />
            <text x={left - 8} y={y(mark) + 4} text-anchor="end">
              {short(mark)}
            </text>
          </g>
        ))}
        <path d={path} class="stroke" />
        {sorted.length <= 60 &&
          sorted.map(({ label: name, value }, index) =>
            value === null ? null : (
              <circle key={name} cx={x(index)} cy={y(value)} r="3.5" class="dot">
                <title>{`${plainText(name)}: ${number(value)}`}</title>
              </circle>
            ),
          )}
        {labelled.map((index) => (
          <text
            key={index}
            x={x(index)}
            y={height - 8}
            text-anchor={index === 0 ? 'start' : index === sorted.length - 1 ? 'end' : 'middle'}
          >
            {plainText(sorted[index]?.label.slice(0, 10) ?? '')}
          </text>
        ))}
      </svg>
    </div>
  );
}

/** Some of so many, from the first on, at even distances. */
function every(count: number, most: number): readonly number[] {
  const step = Math.max(1, Math.ceil((count - 1) / (most - 1)));
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step);
}
