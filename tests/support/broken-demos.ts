/** A step that is as it should be; all that is wrong in a table's definition stands out against it. */
export const run = `{ id: 'run', title: '실행', command: ['docker', 'container', 'run', '--rm', 'busybox:stable', 'echo', 'hi'], expect: [{ says: '인사', output: 'hi' }] }`

/** A definition on whose line 8 the steps begin; `top` stands on line 6. It needs a Dockerfile beside it. */
export function definition(steps: string, top = ''): string {
  return `import { defineDemo } from '../define.ts'\n\nexport default defineDemo({\n  title: '시험',\n  files: ['Dockerfile'],\n  ${top}\n  baseImages: ['busybox:stable'],\n  steps: [\n    ${steps},\n  ],\n})\n`
}

/** Definitions that are refused: what is wrong, the text, how the message goes on after the demo's name, and the line. */
export const brokenDefinitions: readonly (readonly [what: string, text: string, message: string, line: number])[] = [
  ['an unknown field', definition(run.replace('expect:', 'expects:')), 'steps[0].expects: 모르는 항목입니다. expect를 쓰려던 것인가요?', 9],
  ['an unknown field at the top', definition(run, `stepz: [],`), 'stepz: 모르는 항목입니다. steps를 쓰려던 것인가요?', 6],
  ['a field that is like none', definition(run, `colour: 1,`), 'colour: 모르는 항목입니다. 쓸 수 있는 항목: title,', 6],
  ['a field missing', definition(run).replace(/ {2}baseImages.*\n/, ''), 'baseImages: 없습니다.', 3],
  [
    'a command that is one text',
    definition(run.replace(/command: \[.*?\]/, `command: 'docker version'`)),
    'steps[0].command: […] 목록이어야 합니다.',
    9,
  ],
  ['a wrong type', definition(run.replace(`'실행'`, '5')), 'steps[0].title: 문자열이어야 합니다.', 9],
  ['an output that is a number', definition(run.replace(`'hi' }`, '5 }')), 'steps[0].expect[0].output: 글이나 정규식이어야 합니다.', 9],
  ['an exit code in quotes', definition(run.replace('expect:', `exitCode: '0', expect:`)), 'steps[0].exitCode: 0부터 255까지의 정수나', 9],
  [
    'an exit code that no program can have',
    definition(run.replace('expect:', 'exitCode: [0, 256], expect:')),
    'steps[0].exitCode[1]: 0부터 255까지의 정수나',
    9,
  ],
  ['no step', definition('').replace('    ,\n', ''), 'steps: 단계가 하나도 없습니다.', 8],
  ['an empty pattern', definition(run.replace(`'hi' }`, `'' }`)), 'steps[0].expect[0].output: 비어 있습니다.', 9],
  ['an empty regular expression', definition(run.replace(`'hi' }`, `new RegExp('') }`)), 'steps[0].expect[0].output: 빈 정규식은', 9],
  ['a regular expression that remembers', definition(run.replace(`'hi' }`, `/hi/g }`)), 'steps[0].expect[0].output: 정규식에 g와 y를', 9],
  ['an expectation of nothing', definition(run.replace(`, output: 'hi'`, '')), 'steps[0].expect[0]: output, sameAs, differsFrom 가운데', 9],
  ['no expectation', definition(run.replace(/, expect: .*\]/, '')), 'steps: 어느 단계에도 expect가 없습니다.', 8],
  [
    'an image that is not declared',
    definition(run.replaceAll('busybox:stable', 'alpine')),
    'steps[0].command[4]: 이미지 alpine이 baseImages에 없고',
    9,
  ],
  ['a file that is not there', definition(run).replace(`['Dockerfile']`, `['Dockerfil']`), 'files[0]: 파일 Dockerfil이 데모 폴더에 없습니다.', 5],
  ['a file outside the folder', definition(run).replace(`['Dockerfile']`, `['../a/demo.ts']`), 'files[0]: 데모 폴더 안의 파일을', 5],
  ['an id twice', definition(`${run},\n    ${run}`), 'steps[1].id: id run이 앞에 또 있습니다.', 10],
  [
    'a step named that comes later',
    definition(`${run.replace(`'hi' }`, `'hi', sameAs: 'run' }`)}`),
    'steps[0].expect[0].sameAs: run은 이보다 앞에',
    9,
  ],
  [
    'a falsehood that changes nothing',
    definition(run.replace(`'hi' }`, `'hi', falsify: {} }`)),
    'steps[0].expect[0].falsify: files나 commands가 있어야',
    9,
  ],
  [
    'a falsehood with an unknown field',
    definition(run.replace(`'hi' }`, `'hi', falsify: { file: { Dockerfile: '' } } }`)),
    'steps[0].expect[0].falsify.file: 모르는 항목입니다. files를 쓰려던',
    9,
  ],
  [
    'a falsehood of a step that there is not',
    definition(run.replace(`'hi' }`, `'hi', falsify: { commands: { ron: ['docker', 'version'] } } }`)),
    'steps[0].expect[0].falsify.commands.ron: ron은 이 단계나 앞에 있는 단계가 아닙니다.',
    9,
  ],
  [
    'a falsehood whose command the deck cannot answer for',
    definition(run.replace(`'hi' }`, `'hi', falsify: { commands: { run: ['docker', 'swarm', 'init'] } } }`)),
    'steps[0].expect[0].falsify.commands.run: docker swarm init',
    9,
  ],
  [
    'a falsehood in a file that the demo has not got',
    definition(run.replace(`'hi' }`, `'hi', falsify: { files: { app: '' } } }`)),
    'steps[0].expect[0].falsify.files.app: app이 files에 없습니다.',
    9,
  ],
  ['a word that names no step', definition(run.replace(`'hi']`, `'{start}']`)), 'steps[0].command[6]: start는 이보다 앞에', 9],
  ['a pipe', definition(run.replace(`'hi']`, `'hi', '|', 'cat']`)), 'steps[0].command[7]: 셸을 거치지 않으므로 |', 9],
  ['a redirection', definition(run.replace(`'hi']`, `'hi', '>', 'file']`)), 'steps[0].command[7]: 셸을 거치지 않으므로 >', 9],
  ['two commands in one', definition(run.replace(`'hi']`, `'hi', '&&', 'true']`)), 'steps[0].command[7]: 셸을 거치지 않으므로 &&', 9],
  [
    'a name twice',
    definition(`{ id: 'one', title: '하나', command: ['docker', 'run', '-d', '--name', 'ch01-web', 'busybox:stable'] },\n    ${run.replace(`'--rm'`, `'--rm', '--name', 'ch01-web'`)}`),
    'steps[1].command[5]: 이름 ch01-web을 두 번 씁니다.',
    10,
  ],
  [
    'a network twice',
    definition(`{ id: 'one', title: '하나', command: ['docker', 'network', 'create', 'n'] },\n    { id: 'two', title: '둘', command: ['docker', 'network', 'create', 'n'] },\n    ${run}`),
    'steps[1].command[3]: 이름 n을 두 번 씁니다.',
    10,
  ],
  [
    'docker within another program',
    definition(run.replace(/command: \[.*?\]/, `command: ['sh', '-c', 'docker run busybox']`)),
    'steps[0].command[2]: 다른 프로그램 안에서',
    9,
  ],
  [
    'an image made outside the prefix',
    definition(`{ id: 'build', title: '빌드', command: ['docker', 'build', '-t', 'me/hello', '.'] },\n    ${run}`),
    'steps[0].command[3]: 이미지 me/hello는 ch01/ 아래에',
    9,
  ],
  [
    'somebody else\'s image removed',
    definition(`{ id: 'remove', title: '지우기', command: ['docker', 'rmi', 'busybox:stable'] },\n    ${run}`),
    'steps[0].command[2]: 이미지 busybox:stable',
    9,
  ],
]

/** Files that give no definition: what is wrong, the text, and the line where it can be told. */
export const brokenFiles: readonly (readonly [what: string, text: string, line: number | null])[] = [
  ['a syntax error', 'export default {\n  title: \'나쁜\',\n  steps: [\n    oops oops\n  ],\n}\n', 4],
  ['an unknown name', 'import \'node:fs\'\n\nexport default {\n  steps: nope(),\n}\n', 4],
  ['a bad regular expression', 'const a = 1\nexport default {\n  a: new RegExp(\'(\'),\n}\n', 3],
  ['an import of nothing', 'import \'./nothing.ts\'\n', null],
  ['an import of nothing outside the demos', 'import \'../../nothing.ts\'\n', null],
  ['nothing exported', 'export const demo = 1\n', null],
  ['no demo', 'export default 5\n', 1],
]
