import { el, setAttributes, setText } from '../page/dom.ts';
import type { View } from '../page/tab-view.ts';

/** Shows one view at a time. The address has its name, so that a link leads to it. */
export class Tabs {
  readonly element: HTMLElement;
  readonly #bar = el('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Parts of the page' });
  readonly #panels: readonly HTMLElement[];
  readonly #views: readonly View[];
  readonly #buttons: readonly HTMLButtonElement[];
  #shown: View | undefined;

  constructor(views: readonly View[]) {
    this.#views = views;
    this.#buttons = views.map(({ id }) =>
      el('button', { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': `view-${id}` }),
    );
    this.#bar.append(...this.#buttons);
    this.#panels = views.map(({ id, title, element }) =>
      el(
        'section',
        { id: `view-${id}`, role: 'tabpanel', 'aria-label': title, hidden: true },
        el('h2', { class: 'offscreen' }, title),
        element,
      ),
    );
    this.element = el('main', {}, this.#bar, ...this.#panels);
    this.#bar.addEventListener('click', ({ target }) => this.#choose(target));
    this.#bar.addEventListener('keydown', (event) => this.#moveFocus(event));
    window.addEventListener('hashchange', () => this.#followAddress());
    this.#followAddress();
  }

  update(): void {
    for (const [index, button] of this.#buttons.entries()) {
      const view = this.#views[index];
      if (view === undefined) continue;
      const { title, failing = 0 } = view;
      const badge = failing > 0 ? `${failing} failing` : view.badge;
      setText(button, badge === '' ? title : `${title} ${badge}`);
      button.classList.toggle('bad', failing > 0);
      setAttributes(button, { 'aria-selected': String(view === this.#shown), tabindex: view === this.#shown ? 0 : -1 });
    }
    this.#shown?.update();
  }

  #choose(target: EventTarget | null): void {
    const index = this.#buttons.findIndex((button) => target instanceof Node && button.contains(target));
    const view = this.#views[index];
    if (view === undefined) return;
    history.replaceState(null, '', `#${view.id}`);
    this.#show(view);
  }

  #followAddress(): void {
    const view = this.#views.find(({ id }) => `#${id}` === location.hash) ?? this.#views[0];
    if (view) this.#show(view);
  }

  #show(view: View): void {
    this.#shown = view;
    for (const panel of this.#panels) panel.hidden = panel.id !== `view-${view.id}`;
    this.update();
  }

  #moveFocus(event: KeyboardEvent): void {
    const from = this.#buttons.findIndex((button) => button.matches(':focus'));
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: from + 1,
      ArrowLeft: from - 1,
      Home: 0,
      End: this.#buttons.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined || from === -1) return;
    event.preventDefault();
    const button = this.#buttons.at(to % this.#buttons.length);
    button?.focus();
    button?.click();
  }
}
