import { spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { installLocked } from '../install-locked.ts';

const SOURCES = 'test/deploy/models';
const CACHE = resolve('.compiled/models');

/** An object of Kubernetes, as in a manifest. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** Returns the objects of a manifest. Throws if it is not valid YAML or has a document without an object. */
export function objectsOf(manifest: string): KubernetesObject[] {
  const documents = parseAllDocuments(manifest, { merge: true });
  return [...documents].map((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    const { apiVersion, kind, metadata } = document.toJS() ?? {};
    if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof metadata?.name !== 'string') {
      throw new Error(`An object must have apiVersion, kind and metadata.name, got ${document}`);
    }
    return document.toJS();
  });
}

/** Installs the models of the lock file, unless they are installed already. */
export function installModels(): void {
  installLocked(SOURCES, CACHE);
}

/**
 * Returns the problems of the objects: unknown and missing properties and wrong types, which the declarations of the models
 * know, and invalid values, which their schemas know.
 */
export function problemsOfObjects(objects: readonly KubernetesObject[]): string {
  const program = objects.map((object, index) => {
    const { apiVersion, kind } = object;
    const model = `${packageOf(apiVersion)}/${apiVersion}/${kind}`;
    return `import { ${kind} as Model${index}, type I${kind} as Type${index} } from '${model}';
const object${index}: Type${index} = ${JSON.stringify(object, null, 2)};
new Model${index}(object${index}).validate();`;
  });
  return problemsOfProgram('objects', program.join('\n'));
}

function packageOf(apiVersion: string): string {
  return apiVersion.startsWith('monitoring.coreos.com/')
    ? '@kubernetes-models/prometheus-operator'
    : 'kubernetes-models';
}

/** Returns the problems of a dashboard, according to the declarations of the Grafana Foundation SDK. */
export function problemsOfDashboard(json: string): string {
  cpSync(join(SOURCES, 'dashboard-type.ts'), join(CACHE, 'dashboard-type.ts'));
  return problemsOfProgram(
    'dashboard',
    `import type { DashboardJson } from './dashboard-type.ts';\nexport const dashboard: DashboardJson = ${json};`,
  );
}

/** Compiles and runs a program; its values are literals, so that the compiler reports unknown properties. */
function problemsOfProgram(name: string, program: string): string {
  const file = join(CACHE, `${name}.ts`);
  writeFileSync(file, program);
  const flags = [
    '--target es2023',
    '--module nodenext',
    '--strict',
    '--skipLibCheck',
    '--ignoreConfig',
    '--rewriteRelativeImportExtensions',
  ];
  const tsc = [resolve('node_modules/typescript-7/bin/tsc'), ...flags.join(' ').split(' '), file];
  return outputOf(tsc) || outputOf([join(CACHE, `${name}.js`)]);
}

function outputOf(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: CACHE, encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}` || `It ended with ${status}.`;
}
