// A reverse proxy that puts the server behind a path prefix, and knows nothing of what is in the pages.
import { createServer, request as ask } from 'node:http';
import { ORIGIN } from './world.mjs';

export async function startProxy(prefix) {
  const server = createServer((request, response) => {
    if (!request.url.startsWith(`${prefix}/`)) return response.writeHead(404).end();
    const { host, ...headers } = request.headers;
    const forwarded = ask(ORIGIN + request.url.slice(prefix.length), { method: request.method, headers }, (reply) => {
      response.writeHead(reply.statusCode, reply.headers);
      reply.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    return request.pipe(forwarded);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }),
  };
}
