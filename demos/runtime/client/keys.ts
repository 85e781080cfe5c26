import { useEventListener } from '@vueuse/core'

/** The deck's keys, in one table: it drives the handler, the help overlay and the table in README.md beside it (a test compares them). */
export type Action = 'start' | 'stop' | 'next' | 'larger' | 'smaller' | 'big' | 'search' | 'copy' | 'toggleRecording' | 'shell'
  | 'audience' | 'blank' | 'laser' | 'reset' | 'help'

export interface Key {
  /** As the help shows them. */
  shown: readonly string[]
  /** In Korean. */
  does: string
  /** What it does here; Slidev's own keys have none. */
  action?: Action
  /** What is on the key; see {@link signOf}. */
  signs?: readonly string[]
}

export const keys: readonly Key[] = [
  { shown: ['→', 'Space', 'PageDown'], does: '다음 (클리커의 다음 단추)' },
  { shown: ['←', 'PageUp'], does: '이전' },
  { shown: ['R'], does: '이 슬라이드의 데모 실행, 다시 실행 (나누어 실행하는 슬라이드에서는 다음 부분만)', action: 'start', signs: ['r'] },
  { shown: ['N'], does: '다음 명령 하나만 실행', action: 'next', signs: ['n'] },
  { shown: ['S'], does: '실행 중지', action: 'stop', signs: ['s'] },
  { shown: ['V'], does: '라이브 대신 녹화 보이기, 라이브로 돌아가기', action: 'toggleRecording', signs: ['v'] },
  { shown: ['+', '-'], does: '패널의 글자를 크게, 작게', action: 'larger', signs: ['+', '='] },
  { shown: ['M'], does: '패널을 슬라이드 가득 채우기, 되돌리기', action: 'big', signs: ['m'] },
  { shown: ['/'], does: '출력에서 찾기 (`Enter` 다음, `Shift+Enter` 이전, `Esc` 닫기)', action: 'search', signs: ['/'] },
  { shown: ['C'], does: '명령과 출력을 글자로 복사', action: 'copy', signs: ['c'] },
  { shown: ['T'], does: '이 데모의 컨테이너 안에서 셸 열기', action: 'shell', signs: ['t'] },
  { shown: ['Q'], does: '청중의 주소와 QR 코드 (`--remote`로 열었을 때)', action: 'audience', signs: ['q'] },
  { shown: ['B', '.'], does: '화면을 검게 가리기, 되돌리기 (클리커의 가림 단추, 되돌릴 때는 다음·이전도)', action: 'blank', signs: ['b', '.'] },
  { shown: ['L'], does: '레이저 포인터 (강의 화면과 청중의 화면에도 보입니다)', action: 'laser', signs: ['l'] },
  { shown: ['Z'], does: '덱 전체를 처음 상태로 (묻고 나서)', action: 'reset', signs: ['z'] },
  { shown: ['K', '?'], does: '키 도움말', action: 'help', signs: ['k', '?'] },
  { shown: ['O'], does: '슬라이드 전체 보기', signs: ['o'] },
  { shown: ['G'], does: '쪽 번호로 이동', signs: ['g'] },
  { shown: ['D'], does: '밝은 화면과 어두운 화면 전환', signs: ['d'] },
  { shown: ['F'], does: '전체 화면', signs: ['f'] },
  { shown: ['Esc'], does: '편집기, 찾기, 도움말에서 나오기' },
]

const actions = new Map(keys.flatMap(({ action, signs }) => action ? (signs ?? []).map(sign => [sign, action] as const) : []))
  .set('-', 'smaller')
/** Slidev's letters, which it knows by `event.key` alone. */
const slidevLetters = new Set(keys.flatMap(({ action, signs }) => action ? [] : signs ?? []))

/** Where the signs that are no letters are on most keyboards. */
const positions: Readonly<Record<string, string>> = { Equal: '+', Minus: '-', Slash: '/' }

/**
 * What is on the key that was pressed: a letter goes by what it types, so that it is where a keyboard of any layout shows it.
 * Where that is no Latin sign (Hangul or Cyrillic input, an input method that is at work) it goes by its place.
 */
export function signOf({ key, code }: Pick<KeyboardEvent, 'key' | 'code'>): string {
  if (/^[\p{ASCII}\p{Script=Latin}]$/u.test(key))
    return key.toLowerCase()
  return /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : positions[code] ?? ''
}

/** What a key does here, or undefined. */
export function actionOf(event: Pick<KeyboardEvent, 'key' | 'code'>): Action | undefined {
  return actions.get(signOf(event))
}

/**
 * Calls what a key does here, as long as the component is mounted. A letter of Slidev's that Hangul input has turned into
 * another one is typed again for it.
 */
export function useKeys(act: (action: Action) => void, escape: () => void): void {
  useEventListener('keydown', (event) => {
    if (event.repeat
      || event.ctrlKey
      || event.metaKey
      || event.altKey
      || (event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable="true"]'))) {
      return
    }
    if (event.code === 'Escape')
      return escape()
    const sign = signOf(event)
    if (slidevLetters.has(sign) && event.key.toLowerCase() !== sign) {
      for (const type of ['keydown', 'keyup'])
        window.dispatchEvent(new KeyboardEvent(type, { key: sign, code: event.code }))
    }
    const action = actionOf(event)
    if (!action)
      return
    event.preventDefault() // Firefox has a search of its own below /
    act(action)
  })
  // Slidev takes no key while a button has the focus: after the mouse, the clicker must still work.
  useEventListener('click', ({ detail }) => {
    if (detail > 0 && document.activeElement instanceof HTMLButtonElement)
      document.activeElement.blur()
  })
}
