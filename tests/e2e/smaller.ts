/**
 * The only texts that may be smaller than what the audience must read: a selector, px of the canvas, and why. The first that
 * fits a text counts. What is still to be drawn larger says so; a slide that has been mended gets its line taken out here.
 */
export const smaller = [
  { texts: '.deck-footer', px: 16, why: 'the section and the page number' },
  { texts: '.demo > :not(.screen)', px: 16, why: 'what the lecturer presses, and where a run comes from' },
  { texts: '.demo :is(.quiet-step, .counted, .gap, .status)', px: 18, why: 'steps that nobody talks about now, and how a step stands' },
  { texts: '.demo', px: 20, why: 'evidence that fits its panel in no larger letters; M shows it on the whole wall' },
  { texts: '.kicker, .wall .predict', px: 20, why: 'the book\'s own words, and a question that has been asked at 44 px' },
  { texts: '.book, .cap, figcaption, .kept', px: 18, why: 'sources and captions, which may be read' },
  { texts: '.section .label', px: 22, why: 'a heading of lines that are larger' },
  { texts: '.demo-file header', px: 16, why: 'a file\'s name' },
  { texts: '.demo-file, .shiki', px: 20, why: 'a whole file; still to be larger where it is short' },
  { texts: 'code', px: 17.5, why: 'D2Coding looks as large as the text around it' },
  { texts: '.tight:not(.big), .fix, .findings', px: 20, why: 'tables of the appendix, in which one looks something up' },
]
