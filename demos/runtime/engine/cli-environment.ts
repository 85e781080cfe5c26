import type { DockerConfig } from '../run/docker-config.ts'
import { createHash, randomUUID } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, rmSync } from 'node:fs'
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { configFolder, readDockerConfig } from '../run/docker-config.ts'
import { temporaryPrefix } from '../run/process-name.ts'

/**
 * The environment and the configuration that the docker CLI has in a run. What chooses the engine and lets one reach it is the
 * lecturer's own; what makes a command do something else than the slide says stays out: another builder, platform or version
 * of the API, content trust, aliases, hooks, formats, and, in containers, proxies that catch the demos' own requests. A build keeps the
 * proxies: what it fetches lies outside.
 */

/** Variables of the docker CLI and its builder; of these a run gets only the ones that reach the engine. */
const OF_DOCKER = /^(?:DOCKER|BUILDX|BUILDKIT)_|^SOURCE_DATE_EPOCH$/
const REACHES = /^DOCKER_(?:HOST|CONTEXT|TLS|TLS_VERIFY|CERT_PATH|CUSTOM_HEADERS|AUTH_CONFIG)$/

/** The addresses of this machine, which no proxy is to catch. */
const HERE = ['localhost', '127.0.0.1', '::1']

/** The variables of an environment that a run does without. */
export function variablesLeftOut(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env).filter(name => OF_DOCKER.test(name) && !REACHES.test(name) && name !== 'DOCKER_CONFIG')
}

/** The credential helpers that a configuration names, by their programs. */
export function credentialHelpers({ credsStore, credHelpers }: DockerConfig): string[] {
  return [...new Set([...credsStore ? [credsStore] : [], ...Object.values(credHelpers ?? {})])].map(helper => `docker-credential-${helper}`)
}

/** Whether a program is on an environment's PATH. */
export function isProgram(name: string, env: NodeJS.ProcessEnv): boolean {
  const suffixes = process.platform === 'win32' ? ['', '.exe', '.cmd', '.bat'] : ['']
  return (env.PATH ?? env.Path ?? '').split(delimiter).some(folder => suffixes.some(suffix => existsSync(join(folder, name + suffix))))
}

/** Whether an environment's proxy would catch requests to this machine's own addresses. */
export function proxyCatchesLocal(env: NodeJS.ProcessEnv): boolean {
  const isSet = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'].some(name => env[name])
  const exceptions = (env.no_proxy ?? env.NO_PROXY ?? '').split(/[\s,]+/)
  return isSet && !exceptions.includes('*') && !['localhost', '127.0.0.1'].every(each => exceptions.includes(each))
}

/**
 * The environment that the docker CLI gets in a run, given the lecturer's; it names a configuration folder of this process,
 * which is written anew with each call and removed when the process ends, as is the one of {@link buildEnvironment}.
 */
export async function cliEnvironment(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const left = new Set(variablesLeftOut(env))
  const { DOCKER_TLS, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH } = env
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !left.has(name))),
    ...proxyCatchesLocal(env) && noProxyHere(env),
    ...(DOCKER_TLS || DOCKER_TLS_VERIFY) && !DOCKER_CERT_PATH && { DOCKER_CERT_PATH: configFolder(env) },
    DOCKER_CONFIG: await writeConfigs(env),
  }
}

/** The environment that the docker CLI gets for a build, given {@link cliEnvironment}'s: the lecturer's proxies are in its configuration. */
export function buildEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, DOCKER_CONFIG: `${env.DOCKER_CONFIG}-build` }
}

function noProxyHere(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const exceptions = withHere(env.no_proxy ?? env.NO_PROXY)
  return { no_proxy: exceptions, NO_PROXY: exceptions }
}

/** A list of what no proxy is asked for, with this machine's own addresses in it. */
function withHere(exceptions?: string | null): string {
  return [exceptions || [], HERE].flat().join(',')
}

async function writeConfigs(env: NodeJS.ProcessEnv): Promise<string> {
  const source = configFolder(env)
  const root = `${temporaryPrefix()}docker`
  if (!existsSync(root)) {
    mkdirSync(root, { mode: 0o700 })
    process.once('exit', () => rmSync(root, { recursive: true, force: true }))
  }
  const folder = join(root, createHash('sha256').update(source).digest('hex').slice(0, 8))
  const { auths, credsStore, credHelpers, HttpHeaders, currentContext, cliPluginsExtraDirs, proxies } = usableConfig(env)
  const isHere = (helper: string): boolean => isProgram(`docker-credential-${helper}`, env)
  const config: DockerConfig = {
    ...auths && { auths },
    ...credsStore && isHere(credsStore) && { credsStore },
    credHelpers: Object.fromEntries(Object.entries(credHelpers ?? {}).filter(([, helper]) => isHere(helper))),
    ...HttpHeaders && { HttpHeaders },
    ...currentContext && { currentContext },
    ...cliPluginsExtraDirs && { cliPluginsExtraDirs },
  }
  await writeFolder(folder, source, config)
  await writeFolder(`${folder}-build`, source, { ...config, ...proxies && { proxies: withoutHere(proxies) } })
  return folder
}

/** The lecturer's configuration; an empty one where it cannot be used, of which the doctor tells. */
function usableConfig(env: NodeJS.ProcessEnv): DockerConfig {
  try {
    return readDockerConfig(env)
  }
  catch {
    return {}
  }
}

/** Proxies, by the engines that they are for, that leave this machine's own addresses alone. */
function withoutHere(proxies: NonNullable<DockerConfig['proxies']>): NonNullable<DockerConfig['proxies']> {
  return Object.fromEntries(Object.entries(proxies).map(([engine, each]) => [engine, { ...each, noProxy: withHere(each.noProxy) }]))
}

/** Writes a folder of the docker CLI's configuration, with the contexts and plugins of another. */
async function writeFolder(folder: string, source: string, config: DockerConfig): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const next = join(folder, `config.json.${randomUUID()}`) // of two runs that begin at once each has its own
  await writeFile(next, JSON.stringify(config), { mode: 0o600 })
  await rename(next, join(folder, 'config.json'))
  for (const part of ['contexts', 'cli-plugins'])
    await link(join(source, part), join(folder, part))
}

/** Links a folder that may be read; the docker CLI takes one that may not for a failure. */
async function link(target: string, path: string): Promise<void> {
  try {
    accessSync(target, constants.R_OK | constants.X_OK)
  }
  catch {
    return
  }
  await symlink(target, path, 'junction').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST')
      throw error
  })
}
