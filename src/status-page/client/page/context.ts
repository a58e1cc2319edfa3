import type { Scene } from '../charts/canvas.ts';
import type { Connection } from '../data/connection.ts';
import type { Timeline } from '../data/page-timeline.ts';
import type { Store } from '../data/store.ts';

/** Shared by the parts of the page. */
export interface PageContext {
  readonly store: Store;
  readonly timeline: Timeline;
  readonly connection: Connection;
  /** Source of all charts of an update. */
  readonly scene: Scene;
  /** Whether rows are taller, as on a phone. */
  readonly isNarrow: boolean;
}
