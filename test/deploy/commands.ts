import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

/**
 * Checks a command that the documentation shows for other machines: the files of the package, those of a generated project, and
 * the values of the chart exist.
 */
export function checkDeploymentCommand(command: string): void {
  assert.match(command, /^(sudo )?(cd|cp|curl|docker|helm|kubectl|mkdir|npm|npx zeroprom|systemctl) /);
  const packaged = [...command.matchAll(/node_modules\/zeroprom\/(\S+)/g)].map(([, path = '']) => path);
  const generated = [...command.matchAll(/(?<=\s)(?:systemd|kubernetes)\/\S+/g)].map(([path]) => `deploy/${path}`);
  for (const path of [...packaged, ...generated]) assert.ok(existsSync(path), `There is no ${path}.`);
  const values: unknown = parse(readFileSync('deploy/helm/exporter/values.yaml', 'utf8'));
  for (const [, key = ''] of command.matchAll(/--set ([\w.]+)=/g)) {
    const value = key.split('.').reduce((parent, name) => Object(parent)[name], values);
    assert.notEqual(value, undefined, `The chart has no value ${key}.`);
  }
}
