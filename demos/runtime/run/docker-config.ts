import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'

const text = z.string().nullish()
const texts = z.record(z.string(), z.string()).nullish()

/** What the deck needs of the docker CLI's configuration file (https://docs.docker.com/reference/cli/docker/#configuration-files). */
const schema = z.object({
  auths: z.record(z.string(), z.looseObject({ auth: text, password: text, identitytoken: text, registrytoken: text })).nullish(),
  credsStore: text,
  credHelpers: texts,
  HttpHeaders: texts,
  currentContext: text,
  cliPluginsExtraDirs: z.array(z.string()).nullish(),
  proxies: z
    .record(z.string(), z.object({ httpProxy: text, httpsProxy: text, ftpProxy: text, noProxy: text, allProxy: text }))
    .nullish(),
})

export type DockerConfig = z.infer<typeof schema>

/** The folder in which the docker CLI of an environment keeps its configuration. */
export function configFolder(env: NodeJS.ProcessEnv): string {
  return resolve(env.DOCKER_CONFIG || join(env.HOME || homedir(), '.docker'))
}

/**
 * The configuration that belongs to an environment; an empty one where there is none.
 * @throws {SyntaxError} when it is damaged, or has another type somewhere than the CLI takes: that then takes nothing of it.
 * @throws {Error} when it cannot be read.
 */
export function readDockerConfig(env: NodeJS.ProcessEnv): DockerConfig {
  const file = join(configFolder(env), 'config.json')
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found)
    return {}
  if (!found.isFile()) // a pipe would be waited for
    throw new Error(`not a regular file: ${file}`)
  const content = readFileSync(file, 'utf8')
  const parsed = schema.nullable().safeParse(content.trim() === '' ? null : JSON.parse(content))
  if (!parsed.success)
    throw new SyntaxError(z.prettifyError(parsed.error))
  return parsed.data ?? {}
}
