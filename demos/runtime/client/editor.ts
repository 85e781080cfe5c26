import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language'
import { dockerFile } from '@codemirror/legacy-modes/mode/dockerfile'
import { shell } from '@codemirror/legacy-modes/mode/shell'
import { drawSelection, EditorView, keymap } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.definitionKeyword, tags.standard(tags.variableName)], color: 'var(--c-image)', fontWeight: '700' },
  { tag: tags.string, color: 'var(--c-ok)' },
  { tag: [tags.comment, tags.meta], color: 'var(--c-muted)' },
])

const theme = EditorView.theme({
  '&': { height: '100%', fontSize: 'var(--t-code)', color: 'var(--c-text)' },
  '&.cm-focused': { outline: '3px solid var(--c-accent)', outlineOffset: '-3px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: 'var(--code-leading, 1.6)' },
  '.cm-content': { caretColor: 'var(--c-text)', padding: '10px 0' },
  '.cm-content:focus-visible': { outline: 'none' }, // the editor's own is enough
  '.cm-cursor': { borderLeftColor: 'var(--c-text)', borderLeftWidth: '2px' },
  // Without focus there is nothing to blink; CodeMirror fades it all the same for 1.2 s, in 60 frames a second.
  '&:not(.cm-focused) > .cm-scroller > .cm-cursorLayer': { animation: 'none !important' },
  '.cm-line': { padding: '0 14px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--c-accent) 30%, transparent)',
  },
})

/** Opens an editor in an element. Tab is left to the keyboard user, so nobody is caught in it. */
export function openEditor(parent: HTMLElement, file: string, doc: string, onEdit: (text: string) => void): EditorView {
  return new EditorView({
    parent,
    doc,
    extensions: [
      history(),
      drawSelection(),
      keymap.of([...defaultKeymap, ...historyKeymap]),
      StreamLanguage.define(/dockerfile/i.test(file) ? dockerFile : shell),
      syntaxHighlighting(colours),
      theme,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': `${file} 편집기` }),
      EditorView.updateListener.of(({ docChanged, state }) => {
        if (docChanged)
          onEdit(state.doc.toString())
      }),
    ],
  })
}
