import type { Plugin } from 'vite'

/** What Slidev's presenter view and control bar say, also to a screen reader, and what they say here. */
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
  'Slides navigation syncing for ': '함께 넘기기: ',
  'Sync Mode': '함께 넘기기',
  'Bidirectional Sync': '서로 따라감',
  'Receive Only': '따라가기만',
  'Send Only': '이끌기만',
  'Disable': '끔',
  'Current': '지금',
  'Slides': '슬라이드',
  'Screen Mirror': '화면 비추기',
  'Next': '다음',
  'End of the presentation': '마지막 쪽입니다',
  'Increase font size': '노트를 크게',
  'Decrease font size': '노트를 작게',
  'Edit Notes': '노트 고치기',
  'No notes for this slide': '이 쪽에는 노트가 없습니다',
  'Resize notes panel': '노트의 너비 바꾸기',
  'Resize notes panel height': '노트의 높이 바꾸기',
  'Loading slide...': '슬라이드를 불러오는 중입니다',
  'Goto...': '쪽 번호나 제목',
  'Close': '닫기',
  'Slides Overview': '모든 쪽과 노트',
  'Capture slides as images': '그림으로 저장',
  'Invert': '반전',
  'Brightness': '밝기',
  'Contrast': '대비',
  'Saturation': '채도',
}

/** Has what the lecturer sees of Slidev speak Korean; a label that a later Slidev writes differently stays as it is, which a test sees. */
export function koreanControls(): Plugin {
  return {
    name: 'docker-basics:korean-controls',
    enforce: 'pre',
    transform: {
      filter: { id: /client\/(?:internals\/(?:NavControls|SyncControls|Settings|NoteEditable|SlideLoading|Goto|QuickOverview|ClicksSlider)|pages\/presenter)\.vue$/ },
      handler: code => code.replaceAll(/(["'>]\s*)([A-Z][\w.]*(?: [\w.]+)*)(?=\s*["'<])/g, (whole, before: string, text: string) => {
        const label = labels[text] ?? labels[`${text} `]
        return label === undefined ? whole : `${before}${label}`
      }).replace('`Clicks in this slide: ', '`이 쪽의 누름: '),
    },
  }
}
