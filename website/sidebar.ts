/** The documentation in the order in which a reader needs it. Each page of `docs/` is listed once. */
export const sections = [
  {
    text: 'Start',
    pages: ['first-ten-minutes', 'everyday-tasks', 'migrating-from-prom-client', 'troubleshooting'],
  },
  {
    text: 'Applications',
    pages: [
      'metrics',
      'naming',
      'serving-metrics',
      'frameworks',
      'http-instrumentation',
      'default-metrics',
      'scheduler',
      'testing',
    ],
  },
  {
    text: 'Exporters',
    pages: ['writing-an-exporter', 'flags', 'web-configuration', 'overrides', 'status-page'],
  },
  {
    text: 'Operation',
    pages: ['deploy', 'cli', 'security', 'jobs-that-end', 'push', 'several-processes', 'blocked-event-loop', 'growing'],
  },
  {
    text: 'Reference',
    pages: ['entry-points', 'formats', 'parsers', 'performance', 'client-library-guidelines'],
  },
  {
    text: 'Project',
    pages: ['architecture', 'decisions'],
  },
] as const;
