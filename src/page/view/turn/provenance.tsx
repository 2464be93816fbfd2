import type { JSX } from 'preact';
import type { ApiAnswer } from '../../../serve/api/answer.ts';
import { useSpeech } from '../../state/page.ts';
import { PlainText } from '../plain-text.tsx';
import { SqlText } from '../sql-text.tsx';

/** Who answered, how long it took, what it rests on and what was not looked for. */
export function Provenance({ answer }: { answer: ApiAnswer }): JSX.Element {
  const { say, count, number, duration } = useSpeech();
  const { answeredBy, tokens, dollars, plan } = answer;
  const model = answeredBy.model ?? answeredBy.profile;
  const facts = [
    answer.database,
    ...(model === null ? [] : [say('answer.by', { model })]),
    answer.cached ? say('answer.cached') : say('answer.took', { time: duration(answer.seconds * 1_000) }),
    ...(tokens === null ? [] : [say('answer.tokens', { count: number(tokens.prompt + tokens.completion) })]),
    ...(dollars === null ? [] : [number(dollars, { style: 'currency', currency: 'USD' })]),
    ...(plan.rows === null ? [] : [count('answer.planRows', plan.rows)]),
  ];
  return (
    <div class="provenance">
      <p>
        <PlainText text={facts.join(' · ')} />
      </p>
      <Sentences title={say('answer.sources')} sentences={answer.sources} />
      <Sentences title={say('answer.notLooked')} sentences={answer.notLooked} />
      {plan.text !== null && plan.text !== '' && (
        <details>
          <summary>{say('answer.plan')}</summary>
          <SqlText sql={plan.text} label={say('answer.plan')} />
        </details>
      )}
    </div>
  );
}

function Sentences({
  title,
  sentences,
}: {
  title: string;
  sentences: readonly string[];
}): JSX.Element | null {
  return sentences.length === 0 ? null : (
    <details>
      <summary>{title}</summary>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence}>
            <PlainText text={sentence} />
          </li>
        ))}
      </ul>
    </details>
  );
}
