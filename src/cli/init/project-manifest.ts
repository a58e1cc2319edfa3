import { CommandError } from '../../command-line/usage-error.ts';
import { readThrown, thrownText } from '../../model/thrown.ts';
import { objectIn, readManifest } from '../migrate/manifest.ts';

/** A package.json, whose values are not checked. */
export type ProjectManifest = Readonly<Record<string, unknown>>;

/** The script that `npm init` writes. */
const NO_TEST = 'echo "Error: no test specified" && exit 1';

/** Reads a package.json; undefined if it does not exist. Throws a CommandError if it is not a JSON object. */
export async function readProjectManifest(path: string): Promise<ProjectManifest | undefined> {
  try {
    return (await readManifest(path)).json;
  } catch (error) {
    if (readThrown(error).code === 'ENOENT') return undefined;
    throw new CommandError(`cannot read ${path}: ${thrownText(error)}`);
  }
}

/** Values that the template does not have. */
export interface ManifestValues {
  /** Undefined if it is unknown. */
  readonly author: string | undefined;
  /** Version or path of zeroprom to depend on. */
  readonly zeroprom: string;
  /** Whether that was given, and so replaces the value in an existing package.json. */
  readonly isGiven: boolean;
}

/** Returns the package.json of a project: that of the template, or the existing one with what it lacks. */
export function projectManifest(
  template: ProjectManifest,
  existing: ProjectManifest | undefined,
  { author, zeroprom, isGiven }: ManifestValues,
): ProjectManifest {
  const filled = { ...template, ...(author === undefined ? {} : { author }), dependencies: { zeroprom } };
  if (existing === undefined) return filled;
  const manifest = completedManifest(existing, filled);
  return isGiven ? { ...manifest, dependencies: { ...objectIn(manifest, 'dependencies'), zeroprom } } : manifest;
}

/**
 * Returns an existing package.json with the values of the template that it does not have. Throws a CommandError if it
 * says that files with the ending .js are CommonJS modules, unless it comes from `npm init` as it is.
 */
function completedManifest(existing: ProjectManifest, template: ProjectManifest): ProjectManifest {
  const scripts = { ...objectIn(existing, 'scripts') };
  const isFresh = scripts['test'] === NO_TEST;
  if (isFresh) delete scripts['test'];
  if (existing['type'] !== undefined && existing['type'] !== 'module' && !isFresh) {
    throw new CommandError('package.json must have "type": "module"; change it, or choose another folder.');
  }
  const { private: _, ...rest } = template;
  return {
    ...rest,
    ...existing,
    type: 'module',
    scripts: { ...objectIn(template, 'scripts'), ...scripts },
    ...completed('dependencies', existing, template),
    ...completed('devDependencies', existing, template),
  };
}

function completed(key: string, existing: ProjectManifest, template: ProjectManifest): ProjectManifest {
  return { [key]: { ...objectIn(template, key), ...objectIn(existing, key) } };
}
