/** The `@example` blocks of the reference documentation are programs: they compile against the package, and run to their end. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';

interface Example {
  /** The file and line of the comment. */
  readonly where: string;
  readonly code: string;
}

const folder = mkdtempSync(join(tmpdir(), 'zeroprom-reference-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const examples = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort()
  .flatMap((file) => examplesIn(join('src', file)));
const mistakes = compile();

describe('examples in the reference documentation', { concurrency: 4 }, () => {
  for (const example of examples) {
    test(`${example.where} compiles and runs`, async () => {
      assert.equal(mistakes.get(nameOf(example)) ?? '', '');
      const worker = new Worker(join(folder, `${nameOf(example)}.js`), { stdout: true });
      const [exitCode] = await once(worker, 'exit', { signal: AbortSignal.timeout(20_000) });
      assert.equal(exitCode, 0);
    });
  }
});

function examplesIn(file: string): Example[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^ *\* @example(?:(?!\*\/|@example)[\s\S])*?```ts\n([\s\S]*?)^ *\* ```$/gm)].map(
    (match) => ({
      where: `${file}:${text.slice(0, match.index).split('\n').length}`,
      code: (match[1] ?? '').replace(/^ *\* ?/gm, ''),
    }),
  );
}

function nameOf({ where }: Example): string {
  return where.replaceAll(/\W/g, '-');
}

/** Compiles all examples at once, and returns the errors by example. */
function compile(): ReadonlyMap<string, string> {
  linkPackages();
  for (const example of examples) writeFileSync(join(folder, `${nameOf(example)}.ts`), `${example.code}export {};\n`);
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023', 'esnext.disposable'],
    types: ['node'],
    typeRoots: [resolve('node_modules/@types')],
    strict: true,
    skipLibCheck: true,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  const { stdout } = spawnSync(process.execPath, ['node_modules/typescript-7/bin/tsc', '-p', folder], {
    encoding: 'utf8',
  });
  const mistakes = new Map<string, string>();
  for (const line of stdout.split('\n')) {
    const [, name = ''] = /([\w-]+)\.ts\(/.exec(line) ?? [];
    mistakes.set(name, `${mistakes.get(name) ?? ''}${line}\n`);
  }
  return mistakes;
}

/** Installs the package as users do, and the frameworks that examples use, with their types. */
function linkPackages(): void {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const imported = examples.flatMap(({ code }) =>
    [...code.matchAll(/from '((?:@[\w-]+\/)?[\w-]+)/g)].map(([, name = '']) => name),
  );
  const types = imported.map((name) => `@types/${name}`).filter((name) => existsSync(join('node_modules', name)));
  for (const name of new Set(['zeroprom', ...imported, ...types])) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(name === 'zeroprom' ? process.cwd() : resolve('node_modules', name), link);
  }
}
