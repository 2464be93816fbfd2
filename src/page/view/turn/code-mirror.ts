import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { sql as sqlLanguage } from '@codemirror/lang-sql';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { EditorView, highlightSpecialChars, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export interface Editor {
  close(): void;
}

export interface EditorOptions {
  readonly sql: string;
  readonly label: string;
  /** Tables with their columns, to complete. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  readonly onChange: (sql: string) => void;
  readonly onSend: () => void;
}

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--sql-keyword)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--sql-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--sql-number)' },
  { tag: tags.comment, color: 'var(--ink-soft)', fontStyle: 'italic' },
]);

const theme = EditorView.theme({
  '&': { backgroundColor: 'transparent', fontSize: '0.875rem' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '0.75rem 0' },
  '.cm-line': { padding: '0 0.875rem' },
  '.cm-tooltip': { backgroundColor: 'var(--card)', border: '1px solid var(--line)', color: 'var(--ink)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  '.cm-matchingBracket': { backgroundColor: 'var(--accent-soft) !important' },
});

/**
 * Takes what is typed over a selection out of the browser's hands, which would keep the colours of what was there in a style
 * attribute: the page's policy forbids those.
 */
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType } = event;
    if (inputType !== 'insertText' || data === null || view.state.selection.main.empty) {
      return false;
    }
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(data), { userEvent: 'input.type' });
    return true;
  },
});

/**
 * Opens an editor within a shadow root, where its styles are adopted: a `<style>` in the document is what the page's policy
 * forbids.
 */
export function openEditor(
  host: HTMLElement,
  { sql, label, names, onChange, onSend }: EditorOptions,
): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const send = (): boolean => {
    onSend();
    return true;
  };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: sql,
      extensions: [
        keymap.of([{ key: 'Mod-Enter', run: send }, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
        // What is obeyed or not seen, such as what turns text around, is shown here too.
        highlightSpecialChars({
          addSpecialChars: /[\u200c-\u200d\u202a-\u202c\u2060-\u2064\u2068\u{e0000}-\u{e007f}]/gu,
        }),
        history(),
        typedOver,
        bracketMatching(),
        autocompletion(),
        sqlLanguage({
          schema: Object.fromEntries(Object.entries(names).map(([name, of]) => [name, [...of]])),
        }),
        syntaxHighlighting(colours),
        theme,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) {
            onChange(update.state.doc.toString());
          }
        }),
      ],
    }),
  });
  view.focus();
  return { close: () => view.destroy() };
}
