import type { Demo } from '../define.ts'
import type { DockerEngine } from '../runtime/engine/docker.ts'
import type { Claim, Verdict } from '../runtime/model/falsify.ts'
import type { RunEvent } from '../runtime/model/run-events.ts'
import type { Catalogue } from '../runtime/run/catalogue.ts'
import { styleText } from 'node:util'
import { runOnce } from '../runtime/engine/run-once.ts'
import { claimsOf, falsified, verdictOf } from '../runtime/model/falsify.ts'
import { idleRun, reduce } from '../runtime/model/run-events.ts'
import { demoOf } from '../runtime/run/catalogue.ts'
import { EXIT } from './cli.ts'
import { eventPrinter, toEnd } from './print-run.ts'

/** Runs the demos with each of their claims made false, and prints whether its check tells. */
export async function falsifyAll(
  engine: DockerEngine,
  catalogue: Catalogue,
  { ids, json }: { ids: readonly string[], json: boolean },
): Promise<number> {
  const found: Verdict['found'][] = []
  for (const id of ids) {
    const outcome = await toEnd(json, async (signal) => {
      const demo = demoOf(catalogue, id)
      for (const claim of claimsOf(demo)) {
        const verdict = await falsifyOne(engine, { id, demo, claim, json, signal })
        if (signal.aborted)
          return 'cancelled'
        found.push(verdict.found)
        if (json)
          console.log(JSON.stringify({ demo: id, step: demo.steps[claim.step]!.id, claim: claim.says, ...verdict }))
        else
          printVerdict(verdict)
      }
      return 'passed'
    })
    if (outcome === 'cancelled')
      return EXIT.failed
    if (outcome === 'failed')
      found.push('unmoved')
  }
  if (!json)
    console.log(`\n주장 ${found.length}개 가운데 ${found.filter(each => each === 'false').length}개가, 거짓으로 만들자 실패했습니다.`)
  return found.includes('unmoved') ? EXIT.failed : EXIT.ok
}

interface FalsifyOptions { id: string, demo: Demo, claim: Claim, json: boolean, signal: AbortSignal }

async function falsifyOne(engine: DockerEngine, { id, demo, claim, json, signal }: FalsifyOptions): Promise<Verdict> {
  const { says, falsehood } = claim
  if (!json)
    console.log(`\n${styleText('bold', `■ ${says}`)} ${styleText('dim', `(${id}, ${demo.steps[claim.step]!.id})`)}`)
  if (falsehood === null)
    return { found: 'unmoved', reason: '이 주장을 거짓으로 만드는 것이 demo.ts에 없습니다. falsify에 적으세요.' }
  if (!json) {
    for (const [file, text] of Object.entries(falsehood.files ?? {}))
      console.log(`${styleText('yellow', `바꾼 파일 ${file}`)}\n${text.replaceAll(/^/gm, '  ').trimEnd()}`)
  }
  const other = falsified(demo, claim)
  const changed = new Set(Object.keys(falsehood.commands ?? {}))
  const isShown = (event: RunEvent): boolean => 'step' in event
    && (event.step === other.steps.length - 1 || changed.has(other.steps[event.step]!.id))
  const print = eventPrinter(other, id)
  let state = idleRun(other.steps.length)
  await runOnce({ engine, demoId: id, demo: other, files: falsehood.files ?? {}, signal, onEvent: (event) => {
    state = reduce(state, event)
    if (json)
      console.log(JSON.stringify(event))
    else if (isShown(event))
      print(event)
  } })
  return verdictOf(other, claim, state)
}

function printVerdict(verdict: Verdict): void {
  if (verdict.found === 'false')
    console.log(`${styleText('green', '✓')} 거짓이라면 이렇게 나옵니다.`)
  else if (verdict.found === 'skipped')
    console.log(styleText('yellow', `↷ 건너뜀: ${verdict.reason}`))
  else
    console.log(`${styleText('red', '✗')} ${verdict.reason}`)
}
