export interface LandingPageOptions {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly links: readonly { readonly path: string; readonly text: string }[];
}

/** The page at `/`: what this is and where to go. Links are relative, so that it works behind any prefix. */
export function landingPage({ name, description, version, links }: LandingPageOptions): string {
  const items = links.map(
    ({ path, text }) => `<li><a href="${escapeHtml(relative(path))}">${escapeHtml(text)}</a></li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(name)}</title>
</head>
<body>
<h1>${escapeHtml(name)}</h1>
<p>${escapeHtml(description)}</p>
<ul>
${items.join('\n')}
</ul>
<p>Version ${escapeHtml(version)}</p>
</body>
</html>
`;
}

function relative(path: string): string {
  return `.${path}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
