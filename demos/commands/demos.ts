import type { DockerEngine } from '../runtime/engine/docker.ts'
import type { LedgerEntry } from '../runtime/model/ledger-text.ts'
import type { Outcome, RunEvent } from '../runtime/model/run-events.ts'
import type { Catalogue } from '../runtime/run/catalogue.ts'
import { styleText } from 'node:util'
import { connectEngine } from '../runtime/engine/docker.ts'
import { clean, readLedgerEntries, sweepOrphans } from '../runtime/engine/ledger.ts'
import { runOnce } from '../runtime/engine/run-once.ts'
import { sizeText } from '../runtime/model/bytes.ts'
import { withParticle } from '../runtime/model/korean.ts'
import { removedText } from '../runtime/model/labels.ts'
import { ledgerText } from '../runtime/model/ledger-text.ts'
import { ProblemError, problemOf } from '../runtime/model/problem.ts'
import { idleRun, reduce } from '../runtime/model/run-events.ts'
import { visible } from '../runtime/model/visible.ts'
import { demoOf, readCatalogue, tagsIn } from '../runtime/run/catalogue.ts'
import { isDead, isOtherLiving } from '../runtime/run/process-name.ts'
import { sendResetSignal } from '../runtime/run/reset-signal.ts'
import { EXIT, main, MisuseError, readArgs } from './cli.ts'
import { falsifyAll } from './falsify.ts'
import { newDemo } from './new-demo.ts'
import { eventPrinter, failuresOf, toEnd } from './print-run.ts'

const usage = `사용법: npm run demo                  데모 목록
        npm run demo -- <데모>        데모 하나를 실행
        npm run demo -- all           모든 데모를 차례로 실행
        npm run demo -- <데모> --falsify   주장이 거짓이라면 어떻게 나오는지 (all도 됩니다)
        npm run demo -- new <이름>    새 데모의 폴더 만들기
        npm run demo -- ledger        이 강의가 만든 것과 차지하는 디스크
        npm run demo -- clean         이 강의가 만든 것을 모두 정리
        npm run demo -- reset         열려 있는 덱을 처음 상태로 되돌리고 모두 정리
        (--json: 기계가 읽는 출력, --patience 10: 느린 엔진에서 시간 제한을 열 배로)`

await main(async () => {
  const { values: { json = false, falsify = false, patience: times = '1' }, positionals: [word, ...more] } = readArgs(usage, {
    json: { type: 'boolean' },
    falsify: { type: 'boolean' },
    patience: { type: 'string' },
  })
  const patience = Number(times)
  if (!(patience >= 1))
    throw new MisuseError({ message: `--patience에는 1 이상의 수를 적습니다: ${times}`, hint: usage })
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
  if (!['clean', 'reset', 'ledger'].includes(word) && ids.some(id => !catalogue.has(id)))
    throw new MisuseError({ message: `데모 ${withParticle(word, '은/는')} 없습니다.`, hint: `있는 데모: ${[...catalogue.keys()].join(', ')}` })

  if (word === 'reset') {
    await sendResetSignal()
    if (!json)
      console.log('열려 있는 덱을 처음 상태로 되돌립니다.')
  }
  const engine = await connectEngine().catch((error: unknown) => {
    if (json)
      console.log(JSON.stringify({ problem: problemOf(error) }))
    throw error
  })
  if (word === 'ledger') {
    const ledgerEntries = await readLedgerEntries(engine.api, { tags: tagsIn(catalogue) })
    if (json)
      console.log(JSON.stringify(ledgerEntries))
    else
      printLedger(ledgerEntries)
    return EXIT.ok
  }
  if (word === 'clean' || word === 'reset') {
    const removed = await clean(engine.api, { tags: tagsIn(catalogue), isOfOthers: isOtherLiving })
    console.log(json ? JSON.stringify(removed) : visible(removedText(removed)))
    return EXIT.ok
  }
  await sweepOrphans(engine.api, ({ owner }) => isDead(owner))
  if (falsify)
    return falsifyAll(engine, catalogue, { ids, json })
  const results: Result[] = []
  for (const id of ids) {
    results.push(await runOne(engine, catalogue, id, { json, patience }))
    if (results.at(-1)!.outcome === 'cancelled')
      break
  }
  const failed = results.filter(({ outcome }) => outcome !== 'passed')
  if (!json && ids.length > 1)
    printSummary(ids.length, results.length - failed.length, failed)
  return failed.length === 0 ? EXIT.ok : EXIT.failed
})

/** How a demo's run ended, and why where it failed. */
interface Result { id: string, outcome: Outcome, reasons: readonly string[] }

/** The failed demos once more, as what they printed has long scrolled away. */
function printSummary(all: number, passed: number, failed: readonly Result[]): void {
  for (const { id, reasons } of failed)
    console.log(visible(`\n${styleText('red', '✗')} ${[id, ...reasons].join('\n').replaceAll('\n', '\n  ')}`))
  const names = failed.length === 0 ? '' : ` · 실패: ${failed.map(({ id }) => id).join(', ')}`
  console.log(`\n데모 ${all}개 중 ${passed}개 성공${names}`)
}

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
async function runOne(
  engine: DockerEngine,
  catalogue: Catalogue,
  id: string,
  { json, patience }: { json: boolean, patience: number },
): Promise<Result> {
  const reasons: string[] = []
  const outcome = await toEnd(json, async (signal) => {
    try {
      const demo = demoOf(catalogue, id)
      let state = idleRun(demo.steps.length)
      const print = json ? (event: RunEvent): void => console.log(JSON.stringify(event)) : eventPrinter(demo, id)
      const outcome = await runOnce({ engine, demoId: id, demo, signal, patience, onEvent: (event) => {
        state = reduce(state, event)
        print(event)
      } })
      reasons.push(...failuresOf(demo, state))
      return outcome
    }
    catch (error) {
      if (error instanceof ProblemError)
        reasons.push(error.message)
      throw error
    }
  })
  return { id, outcome, reasons }
}
