import { version as packageVersion } from '../model/version.ts';

/** What a program was built from. */
export interface Build {
  readonly name: string;
  readonly version: string;
  readonly revision: string;
}

/** The text of `--version`. */
export function versionText({ name, version, revision }: Build): string {
  const facts = [`zeroprom ${packageVersion}`, `node ${process.version}`, `${process.platform}/${process.arch}`];
  return `${name}, version ${version} (${[...facts, `revision ${revision}`].join(', ')})\n`;
}
