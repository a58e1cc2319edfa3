/** Prints every reason not to release the version in package.json: `npm run release:check`. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { version } from '../src/model/version.ts';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const changelog = readFileSync('CHANGELOG.md', 'utf8');
const changes = execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' });

const reasons = [
  ...['repository', 'homepage', 'bugs']
    .filter((field) => manifest[field] === undefined)
    .map((field) => `package.json must have "${field}"; only the publisher knows it.`),
  ...(version === manifest.version ? [] : [`The exported version must be ${manifest.version}, got ${version}.`]),
  ...(changelog.includes(`## [${manifest.version}] - `)
    ? []
    : [`CHANGELOG.md must have a heading "## [${manifest.version}] - DATE".`]),
  ...(manifest.dependencies === undefined ? [] : ['package.json must not have dependencies.']),
  ...(changes === '' ? [] : [`All changes must be committed:\n${changes.trimEnd()}`]),
];
for (const reason of reasons) console.error(reason);
if (reasons.length > 0) process.exitCode = 1;
else console.log(`${manifest.name} ${manifest.version} can be released.`);
