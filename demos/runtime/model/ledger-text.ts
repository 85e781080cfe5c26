import { sizeText } from './bytes.ts'

export const KINDS = ['이미지', '컨테이너', '네트워크', '볼륨'] as const

/** One thing of the ledger. */
export interface LedgerEntry {
  kind: typeof KINDS[number]
  name: string
  demo: string
  /** What removing it frees on the engine's disk, in bytes; null where the engine does not say. */
  bytes: number | null
}

/** How many of each kind, and what all cost, as one Korean line; what costs nothing known is not added. */
export function ledgerText(ledgerEntries: readonly LedgerEntry[]): string {
  if (ledgerEntries.length === 0)
    return '이 강의가 만든 것이 없습니다.'
  const counts = KINDS
    .map(kind => [kind, ledgerEntries.filter(each => each.kind === kind).length] as const)
    .filter(([, count]) => count > 0)
  return `${counts.map(([kind, count]) => `${kind} ${count}개`).join(', ')} · 디스크 ${sizeText(ledgerEntries.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0))}`
}
