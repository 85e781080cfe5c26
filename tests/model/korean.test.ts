import { describe, expect, it } from 'vitest'
import { withParticle } from '../../demos/runtime/model/korean.ts'

describe('a particle takes the form of the sound before it', () => {
  it.each([
    ['이미지', '이미지를', '이미지가', '이미지로'],
    ['볼륨', '볼륨을', '볼륨이', '볼륨으로'],
    ['파일', '파일을', '파일이', '파일로'],
    ['helloworld', 'helloworld를', 'helloworld가', 'helloworld로'],
    ['Dockerfile', 'Dockerfile을', 'Dockerfile이', 'Dockerfile로'],
    ['debian:trixie-slim', 'debian:trixie-slim을', 'debian:trixie-slim이', 'debian:trixie-slim으로'],
    ['volume', 'volume을', 'volume이', 'volume으로'],
    ['container', 'container를', 'container가', 'container로'],
    ['ping', 'ping을', 'ping이', 'ping으로'],
    ['stack', 'stack을', 'stack이', 'stack으로'],
    ['web', 'web을', 'web이', 'web으로'],
    ['network', 'network를', 'network가', 'network로'],
    ['compose', 'compose를', 'compose가', 'compose로'],
    ['CLI', 'CLI를', 'CLI가', 'CLI로'],
    ['URL', 'URL을', 'URL이', 'URL로'],
    ['VM', 'VM을', 'VM이', 'VM으로'],
    ['26.1.5', '26.1.5를', '26.1.5가', '26.1.5로'],
    ['ch01', 'ch01을', 'ch01이', 'ch01로'],
    ['10', '10을', '10이', '10으로'],
    ['nothing.invalid/here:3', 'nothing.invalid/here:3을', 'nothing.invalid/here:3이', 'nothing.invalid/here:3으로'],
  ])('%s', (word, object, subject, means) => {
    expect([withParticle(word, '을/를'), withParticle(word, '이/가'), withParticle(word, '으로/로')]).toEqual([object, subject, means])
  })

  it.each([
    ['"../../x"', '"../../x"는'],
    ['‘실행’', '‘실행’은'],
    ['', '는'],
  ])('%s, past the marks at its end', (word, topic) => {
    expect(withParticle(word, '은/는')).toBe(topic)
  })
})
