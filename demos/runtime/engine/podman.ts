import type { Demo } from '../../define.ts'
import type { EngineVersion } from '../model/run-events.ts'

/**
 * Podman speaks Docker's API (https://docs.podman.io/en/latest/_static/api.html) and is another engine below it:
 * no daemon, no containerd, no BuildKit.
 */

/** With this the docker CLI builds through the API, where Podman answers with Buildah; buildx would look for a BuildKit image. */
export const PODMAN_ENV = { DOCKER_BUILDKIT: '0' }

/** Podman's major version; null for another engine. */
export function podmanVersion({ engine }: EngineVersion): number | null {
  const major = /^Podman (\d+)/.exec(engine)?.[1]
  return major === undefined ? null : Number(major)
}

/** Why Podman cannot show a demo, in Korean; null where it can, and for another engine. */
export function podmanCannot({ podman }: Pick<Demo, 'podman'>, version: EngineVersion): string | null {
  const major = podmanVersion(version)
  return major !== null && podman && major < (podman.before ?? Infinity) ? podman.cannot : null
}
