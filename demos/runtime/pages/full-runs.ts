import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Anser from 'anser'
import { columnsOf, lineOf, rowsOf } from '../client/text-rows.ts'
import { decode, shownCommand, typedWords } from '../model/recording.ts'
import { idleRun, outputText, recordedOn, reduce } from '../model/run-events.ts'
import { secondsText, stateWord } from '../model/words.ts'
import { demoOf, demosFolder, readCatalogue } from '../run/catalogue.ts'

/** A recorded run as it is printed in full: of each step what was typed, how it ended and all that it printed. */
export interface FullRun {
  demo: string
  title: string
  /** The day, and what it was recorded on. */
  recorded: string
  steps: { command: string, ended: string, output: string }[]
}

/**
 * Reads the recordings of these demos.
 * @throws {ProblemError} when one of them is broken.
 */
export async function readFullRuns(demos: readonly string[], folder = demosFolder): Promise<FullRun[]> {
  const catalogue = await readCatalogue(folder)
  return Promise.all(demos.map(async (demo) => {
    const { title, steps } = demoOf(catalogue, demo)
    const events = decode(await readFile(join(folder, demo, 'recording.cast'), 'utf8'), steps.length)
    const run = events.reduce(reduce, idleRun(steps.length))
    return {
      demo,
      title,
      recorded: run.version ? `녹화 · ${run.date?.slice(0, 10)} · ${recordedOn(run.version)}` : '',
      steps: run.steps.map((state, index) => ({
        command: shownCommand(steps[index]!, typedWords(state)),
        ended: [
          stateWord(state),
          ...state.exitCode === null ? [] : [`종료 코드 ${state.exitCode}`],
          ...state.durationMs === null ? [] : [secondsText(state.durationMs)],
        ].join(' · '),
        output: Anser.ansiToText(outputText(state.output)).replaceAll('\r', '').trimEnd(),
      })),
    }
  }))
}

/** A line of a printed page. */
export interface PrintedLine { kind: 'command' | 'ended' | 'output', text: string }
/** A page of a run; `part` counts from 1. */
export interface RunPage extends Pick<FullRun, 'demo' | 'title' | 'recorded'> { part: number, lines: PrintedLine[] }

/** What fits on a page, in columns and rows of a fixed-width font. */
interface Room { columns: number, rows: number }

/** Parts runs into pages: a step's command never ends one. */
export function pagesOf(runs: readonly FullRun[], { columns, rows }: Room): RunPage[] {
  return runs.flatMap(({ demo, title, recorded, steps }) => {
    const pages: PrintedLine[][] = []
    let left = 0
    for (const { command, ended, output } of steps) {
      const lines: PrintedLine[] = [
        { kind: 'command', text: `$ ${command}` },
        { kind: 'ended', text: ended },
        ...(output === '' ? [] : output.split('\n'))
          .flatMap(text => slices(text, columns * 4))
          .map(text => ({ kind: 'output' as const, text })),
      ]
      const heights = lines.map(({ text }) => rowsOf(lineOf(text), columns))
      for (const [index, line] of lines.entries()) {
        const needed = line.kind === 'command' ? heights.slice(0, 3).reduce((sum, each) => sum + each, 0) : heights[index]!
        if (needed > left) {
          pages.push([])
          left = rows
        }
        pages.at(-1)!.push(line)
        left -= heights[index]!
      }
    }
    return pages.map((lines, index) => ({ demo, title, recorded, part: index + 1, lines }))
  })
}

/** A line that would fill a page by itself, in pieces. */
function slices(text: string, columns: number): string[] {
  if (columnsOf(text) <= columns)
    return [text]
  return text.match(new RegExp(`.{1,${Math.floor(columns / 2)}}`, 'gsu')) ?? []
}
