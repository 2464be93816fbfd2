import type { JSX } from 'preact';
import { usePage, useSpeech } from '../../state/page.ts';
import { themes } from '../../state/preferences.ts';
import { isLanguage, languages } from '../../words/language.ts';

/** Language and colours of the page. */
export function Choices(): JSX.Element {
  const { preferences } = usePage();
  const { say } = useSpeech();
  return (
    <>
      <label>
        {say('page.language')}
        <select
          value={preferences.language.value}
          onChange={({ currentTarget: { value } }) => {
            if (isLanguage(value)) {
              preferences.language.value = value;
            }
          }}
        >
          {Object.entries(languages).map(([code, name]) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {say('page.theme')}
        <select
          value={preferences.theme.value}
          onChange={({ currentTarget }) => {
            preferences.theme.value = themes.find((name) => name === currentTarget.value) ?? 'system';
          }}
        >
          {themes.map((name) => (
            <option key={name} value={name}>
              {say(`page.theme.${name}`)}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
