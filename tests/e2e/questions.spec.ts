import { onSlide, open, slides } from './deck.ts'
import { expect, test } from './test.ts'

const questions = slides
  .map(({ frontmatter, title }, index) => ({ no: index + 1, claim: title!, layout: frontmatter.layout }))
  .filter(({ layout }) => layout === 'question')

test('each question fills its slide before the run, and nothing on it gives the answer away', async ({ page, siteUrl }) => {
  expect(questions.length).toBeGreaterThan(8)
  await open(page, siteUrl, questions[0]!.no)
  for (const { no, claim } of questions) {
    await page.evaluate(to => location.hash = `#/${to}`, no)
    const slide = onSlide(page, no)
    const question = slide.getByRole('region', { name: '예상해 보기' })
    await expect(question, `slide ${no}`).toHaveAttribute('data-asking', 'true')
    const size = await question.locator('.question').evaluate(text => Number.parseFloat(getComputedStyle(text).fontSize))
    expect.soft(size, `the question of slide ${no}, in px`).toBeGreaterThanOrEqual(40)
    await expect.soft(question.getByRole('listitem'), `answers on slide ${no}`).toHaveCount(3)
    await expect.soft(question.locator('.right, .wrong, .mark:not(.off)'), `a verdict on slide ${no}`).toHaveCount(0)
    await expect.soft(slide.locator('.told:visible'), `a picture beside the question of slide ${no}`).toHaveCount(0)
    await expect.soft(slide.locator('h1'), `the title of slide ${no}`).toHaveCSS('opacity', '0')
    await expect.soft(slide.locator('.slidev-layout'), `slide ${no}`).not.toContainText(claim)
    await expect.soft(slide.locator('[data-step]:not([data-state="idle"]), .marked'), `a result on slide ${no}`).toHaveCount(0)
  }
})
