import type { Plugin } from 'vite'

/** What Slidev's control bar says of its buttons, also to a screen reader, and what it says here. */
const labels: Readonly<Record<string, string>> = {
  'Close fullscreen': '전체 화면 끝내기',
  'Enter fullscreen': '전체 화면',
  'Go to previous slide': '이전',
  'Go to next slide': '다음',
  'Show slide overview': '슬라이드 전체 보기',
  'Switch to light mode theme': '밝은 화면으로',
  'Switch to dark mode theme': '어두운 화면으로',
  'Disable laser pointer': '레이저 포인터 끄기',
  'Enable laser pointer': '레이저 포인터',
  'Hide presenter cursor': '발표자의 커서 숨기기',
  'Show presenter cursor': '발표자의 커서 보이기',
  'Hide drawing toolbar': '그리기 도구 숨기기',
  'Show drawing toolbar': '그리기 도구',
  'Play Mode': '강의 화면으로',
  'Presenter Mode': '발표자 화면으로',
  'Hide editor': '편집기 숨기기',
  'Show editor': '편집기',
  'Download as PDF': 'PDF 내려받기',
  'Browser Exporter': '브라우저에서 내보내기',
  'Show info': '슬라이드 정보',
  'Toggle Presenter Layout': '발표자 화면 배치 바꾸기',
  'More Options': '더 보기',
  'Change sync settings': '화면 맞추기 설정',
}

/** Has Slidev's control bar speak Korean; a label that a later Slidev writes differently stays as it is, which a test sees. */
export function koreanControls(): Plugin {
  return {
    name: 'docker-basics:korean-controls',
    enforce: 'pre',
    transform: {
      filter: { id: /client\/internals\/(?:Nav|Sync)Controls\.vue$/ },
      handler: code => code.replaceAll(/(["'])([A-Z][\w ]+)\1/g, (whole, quote: string, text: string) => {
        const label = labels[text]
        return label === undefined ? whole : `${quote}${label}${quote}`
      }),
    },
  }
}
