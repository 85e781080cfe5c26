import type { EngineApi } from '../../demos/runtime/engine/api.ts'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clean, readLedger, sweepOrphans, sweepRun } from '../../demos/runtime/engine/ledger.ts'
import { checkImages } from '../../demos/runtime/engine/names.ts'
import { runOnce } from '../../demos/runtime/engine/run-once.ts'
import { labelled, tagsOf } from '../../demos/runtime/model/labels.ts'
import { demoOf, readCatalogue, tagsIn } from '../../demos/runtime/run/catalogue.ts'
import { isDead, isOtherLiving, processName } from '../../demos/runtime/run/process-name.ts'
import { engine, withEngine } from '../support/engine.ts'

const api = engine?.api as EngineApi
const docker = (...args: string[]): Promise<string> => engine!.docker(args)

describe('labelled', () => {
  it.each([
    [
      ['docker', 'image', 'build', '-t', 'ch01/x', '.'],
      ['docker', 'image', 'build', '--label', 'ch01.image=d', '-t', 'ch01/x', '.'],
      [3, 5],
    ],
    [
      ['docker', 'container', 'run', 'ch01/x'],
      ['docker', 'container', 'run', '--label', 'ch01.demo=d', '--label', 'ch01.run=r', '--label', 'ch01.owner=o', 'ch01/x'],
      [3, 9],
    ],
    [['docker', 'image', 'ls'], ['docker', 'image', 'ls'], [0, 0]],
    [['curl', 'http://localhost'], ['curl', 'http://localhost'], [0, 0]],
  ] as const)('%j', (command, args, added) => {
    expect(labelled(command, { demo: 'd', run: 'r', owner: 'o' })).toEqual({ args, added })
  })
})

describe('tagsOf', () => {
  it('finds each name that a build would give, once', () => {
    const build = { id: 'one', title: '', command: ['docker', 'image', 'build', '-t', 'ch01/x:1', '.'] } as const
    expect(tagsOf([build, build, { id: 'one', title: '', command: ['docker', 'image', 'ls'] }])).toEqual(['ch01/x:1'])
  })
})

describe.skipIf(!engine)('names outside ch01/', () => {
  it('are refused before anything runs', async () => {
    await expect(checkImages(api, { baseImages: [], tags: ['helloworld:latest'] })).rejects.toThrow('ch01/')
  })
})

describe.skipIf(!engine)(`the ledger on the ${withEngine}`, () => {
  const theirs = 'ch01-test-theirs'
  const names = { container: `${theirs}-c`, network: `${theirs}-n`, volume: `${theirs}-v` }

  beforeAll(async () => {
    await docker('container', 'create', '--name', names.container, 'debian:trixie-slim', 'true')
    await docker('network', 'create', names.network)
    await docker('volume', 'create', names.volume)
    await docker('image', 'tag', 'debian:trixie-slim', 'ch01/theirs:latest')
  })
  afterAll(async () => {
    await execa('docker', ['container', 'rm', '-f', names.container, `${theirs}-from-ours`], { reject: false })
    await execa('docker', ['network', 'rm', names.network], { reject: false })
    await execa('docker', ['volume', 'rm', names.volume], { reject: false })
    await execa('docker', ['image', 'rm', 'ch01/theirs:latest', 'theirs/keeps:latest'], { reject: false })
    await clean(api)
  })

  it('holds exactly what a run made, and cleaning removes exactly that', async () => {
    await clean(api)
    const demo = demoOf(await readCatalogue(), 'helloworld')
    expect(await runOnce({ engine: engine!, demoId: 'helloworld', demo, onEvent: () => {} })).toBe('passed')
    const ledger = await readLedger(api)
    expect(ledger.images.map(each => each.tag)).toEqual(['ch01/helloworld:latest'])
    expect([ledger.containers, ledger.networks, ledger.volumes]).toEqual([[], [], []]) // a run sweeps its containers

    // Somebody uses our image for things of their own: these stay.
    await docker('container', 'create', '--name', `${theirs}-from-ours`, 'ch01/helloworld:latest')
    await docker('image', 'tag', 'ch01/helloworld:latest', 'theirs/keeps:latest')
    expect((await readLedger(api)).containers).toEqual([])
    expect(await clean(api)).toEqual({ containers: 0, images: 1, networks: 0, volumes: 0, inUse: [], ofOthers: 0 })

    for (const [kind, name] of Object.entries({ ...names, image: 'ch01/theirs:latest' }))
      await expect(docker(kind, 'inspect', name)).resolves.toContain(name)
    await expect(docker('image', 'inspect', 'theirs/keeps:latest')).resolves.toBeTruthy()
    await expect(docker('container', 'inspect', `${theirs}-from-ours`)).resolves.toBeTruthy()
    await expect(docker('image', 'inspect', 'ch01/helloworld:latest')).rejects.toThrow()
  })

  it('refuses to overwrite an image that the deck has not made', async () => {
    await expect(checkImages(api, { baseImages: [], tags: ['ch01/theirs:latest'] })).rejects.toThrow('이 강의가 만들지 않은 이미지')
  })

  it('names a missing base image and how to get it', async () => {
    await expect(checkImages(api, { baseImages: ['debian:no-such-tag'], tags: [] })).rejects.toMatchObject({ problem: {
      message: expect.stringContaining('debian:no-such-tag'),
      hint: expect.stringContaining('--prepare'),
    } })
  })

  it('is cleaned by two at once, a terminal and the deck, without an error for either', async () => {
    const create = () => docker(
      'container', 'run', '--detach', '--label', 'ch01.demo=helloworld', '--label', 'ch01.run=x',
      'debian:trixie-slim', 'sleep', '60',
    )
    const ids = await Promise.all([create(), create(), create()])
    await Promise.all([clean(api), clean(api), sweepRun(api, 'x')])
    for (const id of ids)
      await expect(docker('container', 'inspect', id)).rejects.toThrow()
  })

  it('finds what a deck that died or a run that ended has left, and leaves alone what is living', async () => {
    const dead = (await execa('sh', ['-c', 'echo $$'])).stdout
    const create = (value: string, run = 'x'): Promise<string> => docker(
      'container', 'run', '--detach', '--label', 'ch01.demo=helloworld', '--label', `ch01.run=${run}`,
      '--label', `ch01.owner=${value}`, 'debian:trixie-slim', 'sleep', '60',
    )
    const host = processName().split('-')[0]!
    const [orphan, ended, living, elsewhere] = [
      await create(`${host}-${dead}`),
      await create(processName(), 'y'),
      await create(processName()),
      await create(`00000000-${dead}`),
    ]
    try {
      expect(await sweepOrphans(api, ({ owner, run }) => owner === processName() ? run === 'y' : isDead(owner))).toBe(2)
      expect((await readLedger(api)).containers.map(each => each.id).sort()).toEqual([living, elsewhere].sort())
      await expect(docker('container', 'inspect', orphan)).rejects.toThrow()
      await expect(docker('container', 'inspect', ended)).rejects.toThrow()
    }
    finally {
      await docker('container', 'rm', '--force', living, elsewhere)
    }
  })

  it('leaves an image that somebody\'s container uses, names it, and goes on with the rest', async () => {
    await clean(api)
    await execa('docker', ['container', 'rm', `${theirs}-from-ours`], { reject: false })
    await execa('docker', ['image', 'rm', 'theirs/keeps:latest'], { reject: false }) // with two names an image only loses one
    expect(await runOnce({
      engine: engine!,
      demoId: 'helloworld',
      demo: demoOf(await readCatalogue(), 'helloworld'),
      onEvent: () => {},
    })).toBe('passed')
    const user = await docker('container', 'create', 'ch01/helloworld:latest')
    await docker('network', 'create', '--label', 'ch01.demo=helloworld', '--label', 'ch01.run=x', 'ch01-test-left')
    try {
      expect(await clean(api)).toEqual({
        containers: 0,
        images: 0,
        networks: 1,
        volumes: 0,
        inUse: ['ch01/helloworld:latest'],
        ofOthers: 0,
      })
      await expect(docker('network', 'inspect', 'ch01-test-left')).rejects.toThrow()
    }
    finally {
      await docker('container', 'rm', user)
    }
    expect(await clean(api)).toMatchObject({ images: 1, inUse: [] })
  })

  it('leaves what somebody makes of a demo\'s container, whose labels it inherits', async () => {
    const dead = `${processName().split('-')[0]}-${(await execa('sh', ['-c', 'echo $$'])).stdout}`
    const labels = ['--label', 'ch01.demo=helloworld', '--label', 'ch01.run=x', '--label', `ch01.owner=${dead}`]
    const ours = await docker('container', 'create', ...labels, 'debian:trixie-slim', 'true')
    await docker('container', 'commit', ours, 'theirs/debug:1')
    const theirs = await docker('container', 'create', 'theirs/debug:1')
    try {
      expect((await readLedger(api)).containers.map(({ id }) => id)).toEqual([ours])
      await sweepOrphans(api, ({ owner }) => isDead(owner))
      await clean(api)
      await expect(docker('container', 'inspect', ours)).rejects.toThrow()
      await expect(docker('container', 'inspect', theirs)).resolves.toBeTruthy()
    }
    finally {
      await docker('container', 'rm', '--force', theirs)
      await docker('image', 'rm', 'theirs/debug:1')
    }
  })

  it('leaves an image that somebody makes from ours, whose label it inherits', async () => {
    const catalogue = await readCatalogue()
    const demo = demoOf(catalogue, 'helloworld')
    expect(await runOnce({ engine: engine!, demoId: 'helloworld', demo, onEvent: () => {} })).toBe('passed')
    await execa('docker', ['image', 'build', '--tag', 'ch01/my-homework:1', '-'], { input: 'FROM ch01/helloworld\nENV MINE=1\n' })
    const tags = tagsIn(catalogue)
    try {
      expect((await readLedger(api, { tags })).images.map(({ tag }) => tag)).toEqual(['ch01/helloworld:latest'])
      expect(await clean(api, { tags })).toMatchObject({ images: 1 })
      await expect(docker('image', 'inspect', 'ch01/my-homework:1')).resolves.toBeTruthy()
    }
    finally {
      await docker('image', 'rm', 'ch01/my-homework:1')
    }
  })

  it('leaves and counts what another deck that is open has made', async () => {
    await clean(api)
    const other = execa('sleep', ['60'], { reject: false })
    const owner = `${processName().split('-')[0]}-${other.pid}`
    const theirs = await docker(
      'container', 'create', '--label', 'ch01.demo=helloworld', '--label', 'ch01.run=x', '--label',
      `ch01.owner=${owner}`, 'debian:trixie-slim', 'true',
    )
    expect(await clean(api, { isOfOthers: isOtherLiving })).toMatchObject({ containers: 0, ofOthers: 1 })
    other.kill()
    await other
    expect(await clean(api, { isOfOthers: isOtherLiving })).toMatchObject({ containers: 1, ofOthers: 0 })
    await expect(docker('container', 'inspect', theirs)).rejects.toThrow()
  })
})
