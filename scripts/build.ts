/** Builds `dist/` (ESM) and `dist/cjs/` (CommonJS) from `src/`. */
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

rmSync('dist', { recursive: true, force: true });
for (const project of ['tsconfig.build.json', 'tsconfig.cjs.json']) {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project], { stdio: 'inherit' });
}
chmodSync('dist/cli/main.js', 0o755); // What npm links as the command.
writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n');
for (const file of declarations('dist')) {
  writeFileSync(file, nameJavaScript(readFileSync(file, 'utf8')));
}

function declarations(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.d.ts'))
    .map((name) => join(folder, name));
}

/** tsc rewrites `./x.ts` to `./x.js` in code only; declarations keep `.ts`, which older compilers refuse. */
function nameJavaScript(declaration: string): string {
  return declaration.replace(/((?:from|import\()\s*['"]\.{1,2}\/[^'"]*)\.ts(['"])/g, '$1.js$2');
}
