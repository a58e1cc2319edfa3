/** Follows the tutorials as a new user does: in an empty folder, with the packed package, file by file and command by command. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { pack } from '../scripts/pack.ts';
import { type Child, start } from './child.ts';
import { type Block, fileOf, isTutorial, type Section, sectionsOf } from './doc-blocks.ts';
import { freePort } from './free-port.ts';
import { needs, type Program } from './installed-programs.ts';
import { startPushgateway } from './push/pushgateway/real-gateway.ts';

const tarballs = mkdtempSync(join(tmpdir(), 'zeroprom-tarball-'));
let tarball = '';
before(() => {
  tarball = pack('.', tarballs);
});
after(() => rmSync(tarballs, { recursive: true }));

const pages = readdirSync('docs')
  .map((name) => join('docs', name))
  .filter((name) => name.endsWith('.md') && isTutorial(name));

for (const page of pages) {
  const folder = mkdtempSync(join(tmpdir(), 'zeroprom-tutorial-'));
  after(() => rmSync(folder, { recursive: true }));
  const ports = new Map<string, string>();
  for (const section of sectionsOf(page)) {
    test(`${page}: "${section.title}" works as written`, needs(...programsOf(section)), (t) =>
      follow(new Run(t, folder, ports), section),
    );
  }
}

test('each everyday task needs at most four commands', (t) => {
  for (const { title, blocks } of sectionsOf('docs/everyday-tasks.md')) {
    const count = blocks.flatMap(commandsOf).length;
    t.diagnostic(`${title}: ${count}`);
    assert.ok(count <= 4, `${title}: ${count} commands`);
  }
});

async function follow(run: Run, { blocks }: Section): Promise<void> {
  for (const block of blocks) {
    const file = fileOf(block.kind);
    if (file !== undefined) await run.save(file, block.code);
    else if (block.kind === 'text') assertShown(run.output, block.code);
    for (const command of commandsOf(block)) await run.command(command);
  }
  await run.end();
}

/** Ports that the pages use. The tests use free ones instead, the same for all sections of a page. */
const PORTS = ['8080', '9091', '9500'];
const PUSHGATEWAY = '9091';

/** Runs the commands of a section. A server runs until the next one is started. */
class Run {
  /** Standard output of the last command. */
  output = '';
  readonly #t: TestContext;
  readonly #folder: string;
  readonly #ports: Map<string, string>;
  #server: Child | undefined;

  constructor(t: TestContext, folder: string, ports: Map<string, string>) {
    this.#t = t;
    this.#folder = folder;
    this.#ports = ports;
  }

  async save(file: string, code: string): Promise<void> {
    writeFileSync(join(this.#folder, file), await this.#withPorts(code));
  }

  async command(shown: string): Promise<void> {
    const command = await this.#withPorts(shown);
    if (command.startsWith('npm install')) return this.#install(command.replace('npm install ', ''));
    if (command.startsWith('curl')) return this.#curl(command);
    await this.end();
    const child = start(this.#t, 'bash', ['-c', `exec ${command}`], {}, this.#folder);
    const [, program] = /^node (\w+\.mjs)/.exec(command) ?? [];
    if (program !== undefined && this.#isServer(program)) this.#server = child;
    else await this.#finish(child);
  }

  #isServer(program: string): boolean {
    return /listen\(|runExporter/.test(readFileSync(join(this.#folder, program), 'utf8'));
  }

  async #withPorts(text: string): Promise<string> {
    let result = text;
    for (const port of PORTS.filter((name) => text.includes(name))) {
      const free = this.#ports.get(port) ?? (await this.#listenerOf(port));
      this.#ports.set(port, free);
      result = result.replaceAll(port, free);
    }
    return result;
  }

  async #listenerOf(port: string): Promise<string> {
    return port === PUSHGATEWAY ? new URL(await startPushgateway(this.#t)).port : String(await freePort());
  }

  /** Ends the program that was started last. It must not have failed. */
  async end(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.process.kill('SIGTERM');
    const status = await server.ended;
    assert.ok(status === 0 || status === 'SIGTERM', `It ended with ${status}:\n${server.stderr()}`);
  }

  #install(name: string): void {
    if (name.endsWith('.tgz')) {
      execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], {
        cwd: this.#folder,
        stdio: 'pipe',
      });
      return;
    }
    const link = join(this.#folder, 'node_modules', name);
    rmSync(link, { force: true });
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(resolve('node_modules', name), link);
  }

  /** Asks until something listens: a user starts the program in another terminal, and waits for it. */
  async #curl(command: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const curl = start(this.#t, 'bash', ['-c', command.replace('curl ', 'curl --fail ')]);
      const status = await curl.ended;
      this.output = curl.stdout();
      if (status === 0) return;
      // 7: the connection was refused.
      assert.ok(status === 7 && attempt < 600, `${command} failed: ${status}\n${this.output}${curl.stderr()}`);
      assert.equal(this.#server?.process.exitCode, null, `The program has ended:\n${this.#server?.stderr()}`);
      await new Promise((resume) => setTimeout(resume, 50));
    }
  }

  async #finish(child: Child): Promise<void> {
    assert.equal(await child.ended, 0, child.stdout() + child.stderr());
    this.output = child.stdout();
  }
}

function assertShown(output: string, code: string): void {
  for (const line of code.trimEnd().split('\n')) assert.ok(output.includes(line), `Missing: ${line}\nIn:\n${output}`);
}

function commandsOf({ kind, code }: Pick<Block, 'kind' | 'code'>): string[] {
  return kind === 'sh' ? code.split('\n').filter((line) => line !== '') : [];
}

function programsOf({ blocks }: Section): Program[] {
  const text = blocks.map(({ code }) => code).join('\n');
  const programs: Program[] = ['curl'];
  if (text.includes('promtool ')) programs.push('promtool');
  if (text.includes('9091')) programs.push('prometheus-pushgateway');
  return programs;
}
