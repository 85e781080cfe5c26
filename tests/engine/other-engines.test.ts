import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'

const noOthers = process.env.OTHER_ENGINES ? '' : ' — 건너뜀: OTHER_ENGINES=1일 때만 다른 엔진을 데비안 패키지로 내려받아 실행합니다.'

/** On the engine that the recordings are of, what each demo shows is compared with its recording too. */
const commandOn = (name: string): string[] => name === 'docker-28' ? ['record', '--', '--check'] : ['demo', '--', 'all']

/** Of what a run of all demos prints, those that say what failed. */
const LAST_LINES = 12

describe.skipIf(noOthers !== '')(`every demo is shown, or skipped with its reason${noOthers}`, () => {
  // Two at a time: each is in namespaces of its own, and a demo waits as much as it computes.
  // An engine may not answer in time on a machine that does much else: hence a second try.
  const groups = [
    ['docker-20.10', 'docker-28'],
    ['docker-20.10-buildx', 'podman-5'],
    ['docker-28-elsewhere', 'podman-4'],
    ['docker-rootless'],
  ]
  it.each(groups.map(names => ({ names, by: names.join(' and ') })))('by $by', { timeout: 600_000, retry: 1 }, async ({ names }) => {
    const script = join(import.meta.dirname, '../support/other-engine.sh')
    const runs = await Promise.all(names.map(name => execa('bash', [script, name, 'npm', 'run', '--silent', ...commandOn(name)], {
      all: true,
      reject: false,
      stdin: 'ignore',
      cwd: join(import.meta.dirname, '../..'),
    })))
    for (const [index, { all, exitCode }] of runs.entries()) {
      if (exitCode !== 0)
        console.log(all)
      expect(exitCode, `${names[index]}: ${all.split('\n').slice(-LAST_LINES).join('\n')}`).toBe(0)
    }
  })
})
