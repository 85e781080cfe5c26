import type { ResolvedSlidevOptions } from '@slidev/types'
import type { Page } from 'playwright'
import type { FullRun } from './full-runs.ts'
import { join } from 'node:path'

/** What is said to a slide, for somebody who reads at home: before a question is answered, and from then on. */
interface Notes { before: string[], after: string[] }

/**
 * Lays the printed slides out as a handout: each with what is said to it and what its demos have printed in full. A question is asked
 * there; its answer, and what would tell it, stands on pages of their own at the end, and links lead there and back.
 */
export async function layHandout(page: Page, slides: ResolvedSlidevOptions['data']['slides'], runs: readonly FullRun[]): Promise<void> {
  await page.evaluate(() => { // Slidev's own size of a page
    for (const style of document.querySelectorAll('style'))
      style.textContent = style.textContent!.replaceAll(/@page\s*\{[^}]*\}/g, '')
  })
  await page.addStyleTag({ path: join(import.meta.dirname, 'handout.css') })
  await page.evaluate(({ notes, runs }) => {
    const printed = [...document.querySelectorAll<HTMLElement>('.print-slide-container')]
    const handout = document.createElement('main')
    handout.lang = 'ko'
    const add = <K extends keyof HTMLElementTagNameMap>(to: Element, name: K, text = '', className = ''): HTMLElementTagNameMap[K] => {
      const element = document.createElement(name)
      element.textContent = text
      element.className = className
      return to.appendChild(element)
    }
    const addHeading = (to: Element, text: string, level: number): void => {
      add(to, 'h2', text).ariaLevel = String(level)
    }
    const left = new Map(runs.map(run => [run.demo, run]))
    const addRuns = (to: Element, demos: string[]): void => {
      for (const demo of demos) {
        const run = left.get(demo)
        if (!run)
          continue
        left.delete(demo)
        const section = add(to, 'section')
        section.id = `full-${demo}`
        addHeading(section, `${run.title}: 터미널의 전문`, 4)
        add(section, 'p', run.recorded)
        const terminal = add(section, 'div')
        terminal.role = 'figure'
        terminal.ariaLabel = `${run.title}, 터미널의 전문`
        const pre = add(terminal, 'pre')
        for (const { command, ended, output } of run.steps) {
          add(pre, 'b', `$ ${command}\n`)
          add(pre, 'span', `${ended}\n`, 'ended')
          add(pre, 'span', output === '' ? '\n' : `${output}\n\n`)
        }
      }
    }
    const demosOf = (slide: Element): string[] => [...slide.querySelectorAll<HTMLElement>('[data-demo]')].map(each => each.dataset.demo!)
    const asked = new Map<HTMLElement, string>()
    for (const slide of printed) {
      const predict = slide.querySelector<HTMLElement>('.predict')
      if (predict) {
        const letter = predict.querySelector('.right > b')
        asked.set(slide, `${letter?.textContent ?? ''}${letter?.nextSibling?.textContent ?? ''}`.trim())
      }
    }
    const askedDemos = new Set([...asked.keys()].flatMap(demosOf))
    const answers = document.createElement('article')
    answers.className = 'sheet'
    add(answers, 'h1', '물음의 답').ariaLevel = '1'
    for (const [index, slide] of printed.entries()) {
      const sheet = add(handout, 'article', '', 'sheet')
      const { before, after } = notes[index]!
      add(sheet, 'div', '', 'picture-of-slide').append(slide)
      const answer = asked.get(slide)
      for (const text of answer === undefined ? [...before, ...after] : before)
        add(sheet, 'p', text)
      if (answer === undefined) {
        addRuns(sheet, demosOf(slide).filter(demo => !askedDemos.has(demo)))
        continue
      }
      const question = slide.querySelector('.predict .question')!.textContent!.trim()
      slide.classList.add('unanswered')
      slide.querySelector<HTMLElement>('.predict')!.dataset.asking = 'true'
      for (const each of slide.querySelectorAll('.right, .wrong'))
        each.classList.remove('right', 'wrong')
      const title = slide.querySelector('h1')!
      const claim = title.textContent!.trim()
      title.textContent = question
      add(add(sheet, 'p'), 'a', '답은 끝의 ‘물음의 답’에 있습니다.').href = `#answer-${index + 1}`
      const section = add(answers, 'section')
      section.id = `answer-${index + 1}`
      addHeading(section, question, 2)
      const told = add(section, 'p')
      add(told, 'b', `${answer === '' ? '' : `${answer} · `}${claim} `)
      add(told, 'a', `${index + 1}쪽`).href = `#${slide.id}`
      for (const text of after)
        add(section, 'p', text)
      addRuns(section, demosOf(slide))
    }
    addRuns(answers, [...left.keys()])
    handout.append(answers)
    for (const panel of handout.querySelectorAll<HTMLElement>('.picture-of-slide [data-demo]')) {
      for (const line of panel.querySelectorAll('.gap, .counted')) {
        const link = document.createElement('a')
        link.href = `#full-${panel.dataset.demo}`
        link.append(...line.childNodes)
        line.append(link)
      }
    }
    document.body.replaceChildren(handout)
  }, { notes: slides.map(({ note, content }) => notesOf(note ?? '', /<Predict\b/.test(content))), runs: [...runs] })
}

/** The paragraphs of a slide's notes without what is for the lecturer; where it `asks`, parted where the hall has thought. */
function notesOf(note: string, asks: boolean): Notes {
  const paragraphs = note.split(/\n{2,}/)
    .map(text => text.replaceAll(/\[click(?::\d+)?\]\s*/g, '').replaceAll(/\s+/g, ' ').trim())
    .filter(text => text !== '' && !/^(?:⏱|\(강의자\))/.test(text))
  if (!asks)
    return { before: paragraphs, after: [] }
  const at = Math.max(0, paragraphs.findIndex(text => /\(질문\)|손을 들|\?$/.test(text))) + 1
  return { before: paragraphs.slice(0, at), after: paragraphs.slice(at) }
}
