import type { LedgerEntry } from '../model/ledger-text.ts'
import { bytesOf } from '../model/ledger-text.ts'
import { ProblemError } from '../model/problem.ts'
import { docker } from './docker.ts'
import { readLedger } from './ledger.ts'

/**
 * The ledger with what each thing costs on disk. What an image shares with another counts for neither.
 * @throws {ProblemError} when the engine does not answer.
 */
export async function readLedgerEntries(): Promise<LedgerEntry[]> {
  const [ledger, sizes] = await Promise.all([readLedger(), diskSizes()])
  return [
    ...ledger.images.map(({ id, tag, demo }) => ({ kind: '이미지', name: tag, demo, bytes: sizes.get(id) ?? null }) as const),
    ...ledger.containers.map(({ id, name, demo }) => ({ kind: '컨테이너', name, demo, bytes: sizes.get(id) ?? null }) as const),
    ...ledger.networks.map(({ name, demo }) => ({ kind: '네트워크', name, demo, bytes: 0 }) as const),
    ...ledger.volumes.map(({ name, demo }) => ({ kind: '볼륨', name, demo, bytes: sizes.get(name) ?? null }) as const),
  ]
}

/** Sizes as `docker system df` reckons them, by id or name; none when it takes too long or is not known there. */
async function diskSizes(): Promise<Map<string, number>> {
  let text: string
  try {
    text = await docker('system', 'df', '--verbose', '--format', '{{json .}}')
  }
  catch (error) {
    if (error instanceof ProblemError)
      return new Map()
    throw error
  }
  const { Images = [], Containers = [], Volumes = [] } = JSON.parse(text) as Record<string, Record<string, string>[] | null>
  return new Map([
    ...(Images ?? []).map(({ ID = '', UniqueSize = '' }) => [ID, UniqueSize] as const),
    ...(Containers ?? []).map(({ ID = '', Size = '' }) => [ID, Size] as const),
    ...(Volumes ?? []).map(({ Name = '', Size = '' }) => [Name, Size] as const),
  ].flatMap(([key, size]) => {
    const bytes = bytesOf(size)
    return bytes === null ? [] : [[key, bytes]]
  }))
}
