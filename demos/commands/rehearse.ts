import type { Finding } from '../runtime/pages/rehearsal.ts'
import { join } from 'node:path'
import process from 'node:process'
import { stripVTControlCharacters, styleText } from 'node:util'
import { execa } from 'execa'
import getPort from 'get-port'
import { launchBrowser } from '../runtime/browser/chromium.ts'
import { connectEngine } from '../runtime/engine/docker.ts'
import { readLedgerEntries } from '../runtime/engine/ledger.ts'
import { withParticle } from '../runtime/model/korean.ts'
import { ledgerText } from '../runtime/model/ledger-text.ts'
import { ProblemError } from '../runtime/model/problem.ts'
import { engineName } from '../runtime/model/run-events.ts'
import { visible } from '../runtime/model/visible.ts'
import { DRIVEN_CACHE, readDeck } from '../runtime/pages/deck.ts'
import { rehearse } from '../runtime/pages/rehearsal.ts'
import { readCatalogue, tagsIn } from '../runtime/run/catalogue.ts'
import { checkLecture, EXIT, main, MisuseError, readArgs } from './cli.ts'

const usage = '사용법: npm run rehearse [-- 쪽 또는 처음-끝]   (적지 않으면 모든 쪽)'
const marks = { failed: styleText('red', '✗'), slow: styleText('yellow', '!'), note: styleText('dim', '·') } as const

await main(async () => {
  const { positionals: [range, ...more] } = readArgs(usage, {})
  const match = /^(\d+)(?:-(\d+))?$/.exec(range ?? '1')
  if (!match || more.length > 0)
    throw new MisuseError({ message: `쪽을 알 수 없습니다: ${[range, ...more].join(' ')}`, hint: usage })
  checkLecture()
  const { slides } = (await readDeck('dev')).data
  const from = Number(match[1])
  const to = range === undefined ? slides.length : Number(match[2] ?? match[1])
  if (from < 1 || to > slides.length || from > to)
    throw new MisuseError({ message: `1쪽부터 ${slides.length}쪽까지 있습니다.`, hint: usage })

  const { api, version } = await connectEngine()
  const tags = tagsIn(await readCatalogue())
  const before = new Set((await readLedgerEntries(api, { tags })).map(({ name }) => name))
  const browser = await launchBrowser()
  const deck = await startDeck()
  const start = performance.now()
  let findings: Finding[]
  try {
    console.log(styleText('bold', `${from}쪽부터 ${to}쪽까지 리허설합니다. ${visible(engineName(version))}\n`))
    const page = await browser.newPage({
      viewport: { width: 1280, height: 720 },
      permissions: ['screen-wake-lock'], // Slidev asks for it, and npm's Chromium denies it otherwise
    })
    findings = await rehearse(page, deck, await readCatalogue(), from, to, (slide, steps, found) => {
      const runs = steps.length > 0 ? styleText('dim', ` · 명령 ${steps.length}개`) : ''
      const mark = found.some(({ state }) => state === 'failed') ? marks.failed : styleText('green', '✓')
      console.log(`${mark} ${slide}쪽 ${slides[slide - 1]!.title ?? ''}${runs}`)
      for (const { state, message } of found)
        console.log(`    ${marks[state]} ${visible(message).replaceAll('\n', '\n      ')}`)
    })
  }
  finally {
    await browser.close()
    await deck.stop()
  }

  const left = (await readLedgerEntries(api, { tags })).filter(({ name }) => !before.has(name))
  const [images, others] = [left.filter(({ kind }) => kind === '이미지'), left.filter(({ kind }) => kind !== '이미지')]
  const count = (state: Finding['state']): number => findings.filter(each => each.state === state).length
  const failed = count('failed') + others.length
  console.log(`\n${styleText('bold', '리허설 결과')}  ${to - from + 1}쪽 · ${minutes(performance.now() - start)}`)
  console.log(`  실패 ${count('failed')} · 느림 ${count('slow')} · 남은 컨테이너·네트워크·볼륨 ${others.length}`)
  for (const { kind, name, demo } of others)
    console.log(`    ${marks.failed} ${withParticle(demo, '이/가')} ${kind} ${withParticle(name, '을/를')} 남겼습니다.`)
  if (images.length > 0)
    console.log(`  캐시로 남긴 것: ${ledgerText(images)} (지우려면 npm run demo -- clean)`)
  console.log(failed === 0
    ? `\n${styleText('green', '✓')} 강의할 준비가 되었습니다.`
    : `\n${marks.failed} 고칠 것이 ${failed}가지 있습니다. 고치기 전에는 녹화로 대신할 수 있습니다.`)
  return failed === 0 ? EXIT.ok : EXIT.failed
})

/** Starts the deck as `npm start` does, in a process of its own; the rehearsal's end and Ctrl+C end it. */
async function startDeck(): Promise<{ address: string, key: string, stop: () => Promise<void> }> {
  const port = await getPort()
  const deck = execa('node', [join(import.meta.dirname, 'start.ts'), '--open=false', '--port', String(port), '--cache', DRIVEN_CACHE], {
    preferLocal: true,
    localDir: join(import.meta.dirname, '../..'),
    stdin: 'ignore',
    reject: false,
    all: true,
  })
  let said = ''
  const ready = new Promise<boolean>(resolve => deck.all.on('data', (chunk) => {
    said += String(chunk)
    if (said.includes('Ctrl+C'))
      resolve(true)
  }))
  if (!await Promise.race([ready, deck.then(() => false)]))
    throw new ProblemError({ message: '덱을 열지 못했습니다.', hint: 'npm start로 열리는지 확인하세요.', detail: said })
  return {
    address: `http://localhost:${port}/`,
    key: /\?key=([\w-]+)/.exec(stripVTControlCharacters(said))![1]!,
    stop: async () => {
      deck.kill('SIGTERM')
      await deck
    },
  }
}

function minutes(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return seconds < 60 ? `${seconds}초` : `${Math.floor(seconds / 60)}분 ${seconds % 60}초`
}

process.on('SIGINT', () => process.exit(130)) // the deck is a child and hears Ctrl+C itself
