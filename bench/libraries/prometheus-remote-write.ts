import type { Labels, Library } from '../library.ts';

/** Only measured if it is installed, with `npm install --no-save prometheus-remote-write`. */
const NAME: string = 'prometheus-remote-write';

interface Sent {
  readonly labels: Labels;
  readonly samples: readonly { readonly value: number }[];
}

type Push = (timeseries: readonly Sent[], options: object) => Promise<unknown>;

export default {
  modules: [],
  packages: [],
  onlyIn: ['push'],
  async open() {
    const push: Push | undefined = await import(NAME).then(
      ({ pushTimeseries }) => pushTimeseries,
      () => undefined,
    );
    if (push === undefined) return undefined;
    // It has no registry: programs pass their samples.
    const series = new Map<string, Sent>();
    return {
      counter: ({ name }: { readonly name: string }) => ({
        inc(labels: Labels = {}, value?: number): void {
          series.set(JSON.stringify(labels), {
            labels: { __name__: name, ...labels },
            samples: [{ value: value ?? 1 }],
          });
        },
      }),
      deliver: {
        'remote write': async () => {
          let bytes = 0;
          const fetch = async (_url: string, { body }: { readonly body: Uint8Array }) => {
            bytes += body.length;
            return { status: 204, text: async () => '' };
          };
          await push([...series.values()], { url: 'http://localhost', labels: { job: 'bench' }, fetch });
          return bytes;
        },
      },
    };
  },
} satisfies Library;
