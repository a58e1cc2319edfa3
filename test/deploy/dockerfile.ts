import { readFileSync } from 'node:fs';

/** One instruction of a Dockerfile: `COPY a b` is the keyword `COPY` with the value `a b`. */
interface Instruction {
  readonly keyword: string;
  readonly value: string;
}

/** A stage: its FROM and the instructions after it. */
export type Stage = readonly Instruction[];

interface Copy {
  /** The stage that the files come from; the build context if undefined. */
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
}

/** Parses the syntax that our Dockerfile uses: no heredocs, no escape directives. */
export function readDockerfile(path: string): Stage[] {
  const stages: Instruction[][] = [];
  const lines = readFileSync(path, 'utf8')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n');
  for (const line of lines.filter((each) => each.trim() !== '')) {
    const [, keyword = '', value = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    if (keyword === 'FROM') stages.push([]);
    stages.at(-1)?.push({ keyword, value });
  }
  return stages;
}

export function finalStage(stages: readonly Stage[]): Stage {
  return stages.at(-1) ?? [];
}

/** The name after AS. */
export function stageName(stage: Stage): string | undefined {
  return / AS (\S+)$/i.exec(stage[0]?.value ?? '')?.[1];
}

export function valuesOf(stage: Stage, keyword: string): string[] {
  return stage.filter((instruction) => instruction.keyword === keyword).map(({ value }) => value);
}

export function copies(stage: Stage): Copy[] {
  return valuesOf(stage, 'COPY').map((value) => {
    const words = value.split(/\s+/);
    const paths = words.filter((word) => !word.startsWith('--'));
    const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
    return { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
  });
}

/** The words of an instruction in exec form; undefined for the shell form. */
export function execForm(value: string): string[] | undefined {
  const [, list] = /(\[.*\])\s*$/.exec(value) ?? [];
  if (list === undefined) return undefined;
  const words: unknown = JSON.parse(list);
  return Array.isArray(words) ? words.map(String) : undefined;
}
