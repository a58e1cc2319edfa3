import type { Workers } from '../../protocol.ts';
import type { PageContext } from '../page/context.ts';
import { el, KeyedChildren, setText } from '../page/dom.ts';

interface Choice {
  readonly value: string;
  readonly text: string;
}

/** Chooses whether the page shows all workers, each, or one of them. */
export class WorkerChoice {
  readonly element: HTMLElement;
  readonly #app: PageContext;
  readonly #select = el('select', { 'aria-label': 'Workers shown' });
  readonly #options = new KeyedChildren<Choice>(
    this.#select,
    ({ value }) => el('option', { value }),
    (option, { text }) => setText(option, text),
  );

  constructor(app: PageContext) {
    this.#app = app;
    this.element = el('label', { class: 'worker-choice', hidden: true }, 'Workers ', this.#select);
    this.#select.addEventListener('input', () => {
      app.timeline.pause(undefined); // The history of others may be shorter.
      app.connection.choose(this.#select.value);
    });
  }

  update(): void {
    const { workers } = this.#app.store.state;
    this.element.hidden = workers === undefined || !workers.canChoose;
    if (workers === undefined || !workers.canChoose || this.#app.connection.state === 'connecting') return;
    this.#options.show(choicesOf(workers), ({ value }) => value);
    this.#select.value = workers.shown;
  }
}

function choicesOf({ list, shown }: Workers): readonly Choice[] {
  const choices = [
    { value: 'all', text: `All ${list.length}, merged` },
    { value: 'each', text: `Each of ${list.length}` },
    ...list.map(({ worker, isUp, ageSeconds }) => ({
      value: worker,
      text: isUp ? `Worker ${worker}` : `Worker ${worker}, no answer for ${ageSeconds} s`,
    })),
  ];
  const isListed = choices.some(({ value }) => value === shown);
  return isListed ? choices : [...choices, { value: shown, text: `Worker ${shown}, not running` }];
}
