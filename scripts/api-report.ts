import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';

const DECLARATIONS = 'dist/cjs';

/** The declarations of the built package by file, without comments. */
export function apiReport(): Map<string, string> {
  const files = readdirSync(DECLARATIONS, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.d.ts'),
  );
  return new Map(files.sort().map((file) => [file, withoutComments(join(DECLARATIONS, file))]));
}

function withoutComments(file: string): string {
  const source = ts.createSourceFile(basename(file), readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const text = ts.createPrinter({ removeComments: true }).printFile(source);
  return text.replace(
    /(?<=^export \{) (.*) (?=\})/gm,
    (_, names: string) => `\n  ${names.replaceAll(', ', ',\n  ')},\n`,
  );
}
