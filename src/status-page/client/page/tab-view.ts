/** One of the parts of the page that tabs choose from. */
export interface View {
  /** Name in the address: `#metrics`. */
  readonly id: string;
  readonly title: string;
  readonly element: HTMLElement;
  /** Short text beside the title, such as a number. */
  readonly badge: string;
  /** Number of failing entries; shown instead of the badge unless it is 0. */
  readonly failing?: number;
  /** Shows the latest values. Called only while the view is visible. */
  update(): void;
}
