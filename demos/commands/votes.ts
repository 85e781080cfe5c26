import process from 'node:process'
import { forgetVotes, lastVotes } from '../runtime/server/vote-log.ts'
import { EXIT, main, MisuseError, readArgs } from './cli.ts'

const usage = '사용법: npm run votes [-- --forget]'

await main(async () => {
  const { values: { forget = false }, positionals } = readArgs(usage, { forget: { type: 'boolean' } })
  if (positionals.length > 0)
    throw new MisuseError({ message: `알 수 없는 인수입니다: ${positionals.join(' ')}`, hint: usage })
  if (forget) {
    await forgetVotes()
    console.log('남아 있던 투표의 집계를 모두 지웠습니다.')
    return EXIT.ok
  }
  const votes = await lastVotes()
  if (votes === null)
    console.error('아직 집계한 투표가 없습니다. npm start -- --remote로 연 강의에서 질문하면 남습니다.')
  else
    process.stdout.write(votes)
  return EXIT.ok
})
