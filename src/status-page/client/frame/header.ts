import type { Health, Workers } from '../../protocol.ts';
import type { ConnectionState } from '../data/connection.ts';
import { formatSeconds } from '../data/value-format.ts';
import type { PageContext } from '../page/context.ts';
import { el, setAttributes, setText } from '../page/dom.ts';
import { WorkerChoice } from './worker-choice.ts';

const HEALTH: Readonly<Record<Health['state'], string>> = {
  healthy: 'Healthy',
  'not-ready': 'Not ready',
  unhealthy: 'Unhealthy',
  failing: 'Failing',
};

const CONNECTION: Readonly<Record<ConnectionState, string>> = {
  connecting: 'Connecting…',
  live: '',
  polling: 'Polling: a proxy holds back live events',
  lost: 'Connection lost, trying again…',
  asleep: 'Asleep while the page is in the background',
};

/** Name, health, version, uptime, links and the state of the connection. */
export class Header {
  readonly element: HTMLElement;
  readonly #app: PageContext;
  readonly #name = el('h1');
  readonly #health = el('span', { role: 'status' });
  readonly #connection = el('span', { class: 'connection', role: 'status' });
  readonly #description = el('p', { class: 'muted' });
  readonly #facts = el('dl', { class: 'facts-line' });
  readonly #links = el('nav', { 'aria-label': 'Other pages' });
  readonly #reasons = el('ul', { class: 'reasons' });
  readonly #workers: WorkerChoice;
  #shownFacts = '';
  #shownLinks = '';

  constructor(app: PageContext, ...buttons: readonly HTMLElement[]) {
    this.#app = app;
    this.#workers = new WorkerChoice(app);
    this.element = el(
      'header',
      { class: 'page-header' },
      el('div', { class: 'title' }, this.#name, this.#health, this.#workers.element, this.#connection),
      el('div', { class: 'header-actions' }, this.#links, ...buttons),
      el('div', { class: 'about' }, this.#description, this.#facts),
      this.#reasons,
    );
  }

  update(): void {
    const { about, health, time, workers } = this.#app.store.state;
    const { startedAt } = about;
    setText(this.#name, about.name);
    setText(this.#health, HEALTH[health.state]);
    setAttributes(this.#health, { class: `health ${health.state}` });
    setText(this.#connection, CONNECTION[this.#app.connection.state]);
    setText(this.#description, about.description);
    document.title = health.state === 'healthy' ? about.name : `${HEALTH[health.state]}: ${about.name}`;
    const reasons = [...health.reasons, ...about.notes];
    if (this.#reasons.childElementCount !== reasons.length || this.#reasons.textContent !== reasons.join('')) {
      this.#reasons.replaceChildren(...reasons.map((reason) => el('li', {}, reason)));
    }
    this.#reasons.classList.toggle('bad', health.reasons.length > 0);
    this.#showFacts([
      ['Version', about.version],
      ['Node.js', about.node],
      ['PID', about.pid?.toString()],
      ['Workers', workersText(workers)],
      ['Uptime', startedAt === undefined ? undefined : formatSeconds(Math.round((time - startedAt) / 1000))],
      ['Started', startedAt === undefined ? undefined : new Date(startedAt).toLocaleString('en-GB')],
    ]);
    this.#showLinks();
    this.#workers.update();
  }

  #showFacts(facts: readonly (readonly [name: string, value: string | undefined])[]): void {
    const text = facts.join();
    if (text === this.#shownFacts) return;
    this.#shownFacts = text;
    this.#facts.replaceChildren(
      ...facts.flatMap(([name, value]) => (value ? [el('div', {}, el('dt', {}, name), el('dd', {}, value))] : [])),
    );
  }

  /** Links are relative; others could run a script. */
  #showLinks(): void {
    const links = this.#app.store.state.about.links.filter(({ path }) => !/^[a-z][a-z0-9+.-]*:/i.test(path));
    const text = JSON.stringify(links);
    if (text === this.#shownLinks) return;
    this.#shownLinks = text;
    this.#links.replaceChildren(...links.map(({ path, text }) => el('a', { href: path }, text)));
  }
}

function workersText(workers: Workers | undefined): string | undefined {
  if (workers === undefined) return undefined;
  const late = workers.list.filter(({ isUp }) => !isUp).map(({ worker }) => worker);
  return late.length === 0 ? String(workers.list.length) : `${workers.list.length}, no answer from ${late.join(', ')}`;
}
