/** What a press of ‘다음’ does; one that was kept over a run does not answer the question that has come after it. */
export function pressDoes(
  { retry, asks }: { retry: boolean, asks: boolean },
  { wasKept, hasRetried }: { wasKept: boolean, hasRetried: boolean },
): 'next' | 'retry' | 'nothing' {
  if (wasKept)
    return retry || asks ? 'nothing' : 'next'
  return retry && !hasRetried ? 'retry' : 'next'
}
