import type { JSX } from 'preact';
import { getSegments } from 'sql-highlight';
import { PlainText } from './plain-text.tsx';

/** SQL beyond which colours take longer than they help. */
const longest = 20_000;

/** SQL to read, with its words in colours. */
export function SqlText({ sql, label }: { sql: string; label: string }): JSX.Element {
  const segments = sql.length > longest ? [{ name: 'plain', content: sql }] : getSegments(sql);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is longer than its place is scrolled by keys
    <figure class="sql" tabIndex={0} aria-label={label}>
      <pre>
        <code>
          {segments.map(({ name, content }, index) => (
            <span key={index} class={`sql-${name}`}>
              {name === 'comment' && content.startsWith('--') ? (
                <>
                  <span class="sql-dashes">--</span>
                  <PlainText text={content.slice(2)} lines />
                </>
              ) : (
                <PlainText text={content} lines />
              )}
            </span>
          ))}
        </code>
      </pre>
    </figure>
  );
}
