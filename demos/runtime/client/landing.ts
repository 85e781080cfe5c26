import type { AppContext } from '@slidev/types'
import { sharedState } from './slidev-internals.ts'

/** Has a window that is opened in the middle of a lecture, at whatever slide, land where the lecture is. */
export function landInLecture(router: AppContext['router']): void {
  const remove = router.beforeEach((to) => {
    remove()
    const { timer, page, clicks } = sharedState
    const { no } = to.params
    if (timer.status === 'stopped' || typeof no !== 'string')
      return
    return {
      name: to.name!,
      params: { no: String(page) },
      query: { ...to.query, clicks: clicks > 0 ? String(clicks) : undefined },
      replace: true,
    }
  })
}
