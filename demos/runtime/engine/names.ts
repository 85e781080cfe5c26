import type { EngineApi } from './api.ts'
import { withParticle } from '../model/korean.ts'
import { DEMO_LABEL, IMAGE_LABEL, OWN_IMAGE } from '../model/labels.ts'
import { ProblemError } from '../model/problem.ts'
import { get, inspectImage } from './api.ts'

/** Whether the names that a run needs are there, and those that it makes are free: nobody else's image or volume is touched. */

/** What the API tells of a volume, of what is asked here. */
interface Volume { Name: string, Labels?: Record<string, string> | null }

/**
 * Checks whether a run may begin: base images are there, and no foreign image has a name that the run makes.
 * @returns the ids of the images that have these names now.
 * @throws {ProblemError} when a base image is missing or a name is foreign.
 */
export async function checkImages(
  api: EngineApi,
  { baseImages, tags }: { baseImages: readonly string[], tags: readonly string[] },
): Promise<Map<string, string>> {
  const wrong = tags.find(tag => !OWN_IMAGE.test(tag))
  if (wrong !== undefined)
    throw new ProblemError({ message: `이미지 이름 ${withParticle(wrong, '은/는')} ch01/로 시작해야 합니다.`, hint: 'demo.ts의 이미지 이름을 고치세요.' })
  const names = [...baseImages, ...tags]
  const images = new Map((await Promise.all(names.map(name => inspectImage(api, name)))).map((image, index) => [names[index]!, image]))
  const missing = baseImages.find(name => !images.get(name))
  if (missing !== undefined) {
    throw new ProblemError({
      message: `베이스 이미지 ${withParticle(missing, '이/가')} 이 엔진에 없습니다.`,
      hint: '터미널에서 npm run doctor -- --prepare를 실행한 뒤 다시 시도하세요.',
    })
  }
  const existing = tags.flatMap((tag) => {
    const image = images.get(tag)
    return image ? [{ tag, image }] : []
  })
  const foreign = existing.find(({ image }) => !image.Config.Labels?.[IMAGE_LABEL])?.tag
  if (foreign !== undefined) {
    throw new ProblemError({
      message: `이 강의가 만들지 않은 이미지 ${withParticle(foreign, '이/가')} 이미 있습니다. 덮어쓰지 않았습니다.`,
      hint: `docker image tag ${foreign} 다른이름으로 옮기고 docker image rm ${withParticle(foreign, '을/를')} 실행하세요.`,
    })
  }
  return new Map(existing.map(({ tag, image }) => [tag, image.Id]))
}

/**
 * Checks whether a run may make its volumes. A container's or a network's name that is taken makes the command fail;
 * `docker volume create` takes somebody else's volume for its own.
 * @throws {ProblemError} when a volume of that name is foreign.
 */
export async function checkVolumes(api: EngineApi, names: readonly string[]): Promise<void> {
  const volumes = await Promise.all(names.map(name => get<Volume>(api, `/volumes/${encodeURIComponent(name)}`)))
  const foreign = volumes.find(volume => volume && !volume.Labels?.[DEMO_LABEL])?.Name
  if (foreign !== undefined) {
    throw new ProblemError({
      message: `이 강의가 만들지 않은 볼륨 ${withParticle(foreign, '이/가')} 이미 있습니다. 건드리지 않았습니다.`,
      hint: `필요 없는 것이라면 docker volume rm ${withParticle(foreign, '을/를')} 실행한 뒤 다시 시도하세요.`,
    })
  }
}
