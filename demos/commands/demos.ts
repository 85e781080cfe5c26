import type { Demo } from '../define.ts'
import type { DockerEngine } from '../runtime/engine/docker.ts'
import type { LedgerEntry } from '../runtime/model/ledger-text.ts'
import type { Outcome, RunEvent } from '../runtime/model/run-events.ts'
import type { Catalogue } from '../runtime/run/catalogue.ts'
import process from 'node:process'
import { styleText } from 'node:util'
import { connectEngine } from '../runtime/engine/docker.ts'
import { clean, readLedgerEntries, sweepOrphans } from '../runtime/engine/ledger.ts'
import { runOnce } from '../runtime/engine/run-once.ts'
import { sizeText } from '../runtime/model/bytes.ts'
import { withParticle } from '../runtime/model/korean.ts'
import { removedText } from '../runtime/model/labels.ts'
import { ledgerText } from '../runtime/model/ledger-text.ts'
import { ProblemError, problemOf } from '../runtime/model/problem.ts'
import { shownCommand, typedWords } from '../runtime/model/recording.ts'
import { engineName, omittedText } from '../runtime/model/run-events.ts'
import { visible, visibleStream } from '../runtime/model/visible.ts'
import { statusWords } from '../runtime/model/words.ts'
import { demoOf, readCatalogue } from '../runtime/run/catalogue.ts'
import { isDead, isOtherLiving } from '../runtime/run/process-name.ts'
import { EXIT, main, MisuseError, printProblem, readArgs } from './cli.ts'
import { newDemo } from './new-demo.ts'

const usage = `사용법: npm run demo                  데모 목록
        npm run demo -- <데모>        데모 하나를 실행
        npm run demo -- all           모든 데모를 차례로 실행
        npm run demo -- new <이름>    새 데모의 폴더 만들기
        npm run demo -- ledger        이 강의가 만든 것과 차지하는 디스크
        npm run demo -- clean         이 강의가 만든 것을 모두 정리
        (--json: 기계가 읽는 출력)`

/** What the steps print; the terminal is told nothing by it but colours. */
const output = visibleStream(text => void process.stdout.write(text))

await main(async () => {
  const { values: { json = false }, positionals: [word, ...more] } = readArgs(usage, { json: { type: 'boolean' } })
  if (word === 'new' && more.length <= 1) {
    await newDemo(more[0])
    return EXIT.ok
  }
  if (more.length > 0)
    throw new MisuseError({ message: `알 수 없는 인수입니다: ${more.join(' ')}`, hint: usage })
  const catalogue = await readCatalogue()
  if (word === undefined)
    return list(catalogue, json)
  const ids = word === 'all' ? [...catalogue.keys()] : [word]
  if (word !== 'clean' && word !== 'ledger' && ids.some(id => !catalogue.has(id)))
    throw new MisuseError({ message: `데모 ${withParticle(word, '은/는')} 없습니다.`, hint: `있는 데모: ${[...catalogue.keys()].join(', ')}` })

  const engine = await connectEngine().catch((error: unknown) => {
    if (json)
      console.log(JSON.stringify({ problem: problemOf(error) }))
    throw error
  })
  if (word === 'ledger') {
    const ledgerEntries = await readLedgerEntries(engine.api)
    if (json)
      console.log(JSON.stringify(ledgerEntries))
    else
      printLedger(ledgerEntries)
    return EXIT.ok
  }
  if (word === 'clean') {
    const removed = await clean(engine.api, { isOfOthers: isOtherLiving })
    console.log(json ? JSON.stringify(removed) : visible(removedText(removed)))
    return EXIT.ok
  }
  await sweepOrphans(engine.api, ({ owner }) => isDead(owner))
  const outcomes: Outcome[] = []
  for (const id of ids) {
    outcomes.push(await runOne(engine, catalogue, id, json))
    if (outcomes.at(-1) === 'cancelled')
      break
  }
  if (!json && ids.length > 1)
    console.log(`\n데모 ${ids.length}개 중 ${outcomes.filter(outcome => outcome === 'passed').length}개 성공`)
  return outcomes.every(outcome => outcome === 'passed') ? EXIT.ok : EXIT.failed
})

function printLedger(ledgerEntries: LedgerEntry[]): void {
  const widest = Math.max(0, ...ledgerEntries.map(({ name }) => name.length))
  for (const { kind, name, demo, bytes } of ledgerEntries) {
    console.log(
      kind.padEnd(6, '\u3000') + visible(name).padEnd(widest + 2) + (bytes === null ? '모름' : sizeText(bytes)).padStart(9),
      ` ${styleText('dim', visible(demo))}`,
    )
  }
  console.log(`${ledgerEntries.length > 0 ? '\n' : ''}${ledgerText(ledgerEntries)}`)
  if (ledgerEntries.length > 0)
    console.log('지우려면 npm run demo -- clean (엔진의 빌드 캐시는 누구의 것인지 가릴 수 없어 남깁니다)')
}

function list(catalogue: Catalogue, json: boolean): number {
  if (json) {
    console.log(JSON.stringify([...catalogue].map(([id, entry]) => {
      if ('problem' in entry)
        return { id, problem: entry.problem }
      const { title, steps } = entry.demo
      return { id, title, steps: steps.map(({ title, command }) => ({ title, command })) }
    }), null, 2))
    return EXIT.ok
  }
  for (const [id, entry] of catalogue) {
    const text = 'demo' in entry
      ? `${entry.demo.title} (${entry.demo.steps.length}단계)`
      : styleText('red', `${entry.problem.message} ${entry.problem.hint}`)
    console.log(visible(id.padEnd(16) + text))
  }
  return EXIT.ok
}

/** Runs one demo and prints its events; Ctrl+C stops it and cleans up. */
async function runOne(engine: DockerEngine, catalogue: Catalogue, id: string, json: boolean): Promise<Outcome> {
  const abort = new AbortController()
  const stop = (): void => abort.abort()
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop)
  try {
    const demo = demoOf(catalogue, id)
    const onEvent = (event: RunEvent): void => json ? console.log(JSON.stringify(event)) : print(demo, id, event)
    return await runOnce({ engine, demoId: id, demo, signal: abort.signal, onEvent })
  }
  catch (error) {
    if (!(error instanceof ProblemError))
      throw error
    if (json)
      console.log(JSON.stringify({ problem: error.problem }))
    printProblem(error.problem)
    return 'failed'
  }
  finally {
    process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', stop)
  }
}

function print({ title, steps }: Demo, id: string, event: RunEvent): void {
  const mark = (passed: boolean): string => passed ? styleText('green', '✓') : styleText('red', '✗')
  switch (event.type) {
    case 'run-started':
      console.log(styleText('bold', visible(`\n■ ${title} (${id}) · ${engineName(event.version)}`)))
      break
    case 'step-started':
      console.log(`\n${styleText('bold', visible(`$ ${shownCommand(steps[event.step]!, typedWords(event))}`))}`)
      break
    case 'output':
      output.push(event.omitted ? `${omittedText(event.omitted)}\n${event.text}` : event.text)
      break
    case 'step-ended':
      output.end()
      if (event.outcome === 'skipped') {
        console.log(styleText('yellow', visible(`↷ 건너뜀: ${event.reason}`)))
        break
      }
      console.log(styleText('dim', `종료 코드 ${event.exitCode ?? '없음'} · ${(event.durationMs / 1000).toFixed(2)}초`))
      for (const { says, passed, missed } of event.checks)
        console.log(visible(`${mark(passed)} ${says}${missed === undefined ? '' : `\n  ${missed.replaceAll('\n', '\n  ')}`}`))
      if (event.reason)
        console.log(visible(`${mark(false)} ${event.reason}`))
      break
    case 'run-ended':
      console.log(`\n${mark(event.outcome === 'passed')} ${statusWords[event.outcome]} · ${(event.at / 1000).toFixed(1)}초`)
  }
}
