/** The particles whose form depends on the sound before them: after a consonant / after a vowel. */
export type Particle = '이/가' | '을/를' | '은/는' | '으로/로'

/** The last sound of a word: a vowel, ㄹ, or another consonant. */
type Ending = 'vowel' | 'ㄹ' | 'consonant'

const HANGUL_FIRST = 0xAC00
const HANGUL_LAST = 0xD7A3
/** A syllable's code is (initial × 21 + vowel) × 28 + final; the final 0 is none, and 8 is ㄹ. */
const FINALS = 28
const FINAL_RIEUL = 8

/** How the digits end when they are read (영, 일, 이, 삼 …); 십, 백, 천 and 만 end in consonants as 영 does. */
const digits: Readonly<Record<string, Ending>> = { 0: 'consonant', 1: 'ㄹ', 3: 'consonant', 6: 'consonant', 7: 'ㄹ', 8: 'ㄹ' }

/**
 * A word with the form of a particle that it takes when it is read aloud: `데모 helloworld를`, `이미지 ch01/slim이`.
 * Marks and brackets at the word's end are passed over. A Latin word is read as Korean usually writes it, a rule of thumb.
 */
export function withParticle(word: string, particle: Particle): string {
  const [afterConsonant, afterVowel] = particle.split('/')
  const ending = endingOf(word)
  const takesVowelForm = ending === 'vowel' || (ending === 'ㄹ' && particle === '으로/로')
  return `${word}${takesVowelForm ? afterVowel : afterConsonant}`
}

function endingOf(word: string): Ending {
  const read = word.replace(/[^\p{L}\p{N}]+$/u, '')
  const last = read.at(-1) ?? ''
  const code = last.codePointAt(0) ?? 0
  if (code >= HANGUL_FIRST && code <= HANGUL_LAST) {
    const final = (code - HANGUL_FIRST) % FINALS
    return final === 0 ? 'vowel' : final === FINAL_RIEUL ? 'ㄹ' : 'consonant'
  }
  if (/\d/.test(last))
    return digits[last] ?? 'vowel'
  return latinEnding(/[a-z]+$/i.exec(read)?.[0] ?? '')
}

function latinEnding(word: string): Ending {
  const letter = word.at(-1)?.toLowerCase() ?? ''
  if (/^[A-Z]+$/.test(word)) // is spelt out: 엘, 알 / 엠, 엔
    return 'lr'.includes(letter) && letter !== '' ? 'ㄹ' : 'mn'.includes(letter) && letter !== '' ? 'consonant' : 'vowel'
  if (/(?:l|[aeiou]le)$/i.test(word)) // tool 툴, file 파일
    return 'ㄹ'
  if (/(?:[mn]|ng|[aeiou][mn]e|ck)$/i.test(word)) // slim 슬림, ping 핑, volume 볼륨, stack 스택
    return 'consonant'
  return /(?:^|[^aeiou])[aeiou](?:[bkt]|pp?)$/i.test(word) ? 'consonant' : 'vowel' // web 웹, git 깃, map 맵, app 앱
}
