/** Requests pages of a server that is closed afterwards, and prints what they hold under a name. */
export async function requestAll(server, paths) {
  const origin = `http://127.0.0.1:${server.address().port}`;
  for (const path of paths) {
    const response = await fetch(origin + path);
    const text = await response.text();
    if (path.startsWith('/metrics')) show(`${path} ${response.status} ${response.headers.get('content-type')}`, text);
  }
  server.close();
}

export function listening(app) {
  return new Promise((resolve) => {
    const server = app.listen(0, '127.0.0.1', () => resolve(server));
  });
}

export function show(name, value) {
  console.log(JSON.stringify([name, value]));
}
