import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Question } from './question.ts';

const ENDING = '.bench.ts';

export function questionNames(): string[] {
  return readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => basename(name, ENDING));
}

export async function loadQuestion(name: string): Promise<Question> {
  return (await import(join(import.meta.dirname, name + ENDING))).default;
}
