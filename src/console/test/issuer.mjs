// A small OpenID provider: one client, authorization code with PKCE (S256), and a token of ScaiKey's for who comes.
import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** @param accessToken what it hands out; @param twist what it does wrong: 'state', 'nonce' or nothing */
export async function startIssuer(issuer, clientId, accessToken) {
  const codes = new Map();
  const provider = { twist: '', asked: [] };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, issuer);
    response.setHeader('Access-Control-Allow-Origin', '*');
    const json = (status, value) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    if (url.pathname === '/.well-known/openid-configuration') {
      return json(200, { issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` });
    }
    if (url.pathname === '/authorize') {
      const asked = Object.fromEntries(url.searchParams);
      provider.asked.push(asked);
      const code = randomUUID();
      codes.set(code, asked);
      const back = new URL(asked.redirect_uri);
      back.searchParams.set('code', code);
      back.searchParams.set('state', provider.twist === 'state' ? 'another' : asked.state);
      back.searchParams.set('iss', issuer);
      response.writeHead(302, { Location: back.href });
      return response.end();
    }
    if (url.pathname === '/token' && request.method === 'POST') {
      let text = '';
      for await (const chunk of request) text += chunk;
      const form = new URLSearchParams(text);
      const asked = codes.get(form.get('code'));
      codes.delete(form.get('code'));
      const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
      if (!asked || asked.code_challenge !== challenge || form.get('redirect_uri') !== asked.redirect_uri || form.get('client_id') !== clientId) {
        return json(400, { error: 'invalid_grant' });
      }
      const nonce = provider.twist === 'nonce' ? 'another' : asked.nonce;
      return json(200, { access_token: accessToken, token_type: 'Bearer', id_token: `${part({ alg: 'none' })}.${part({ iss: issuer, aud: clientId, nonce })}.` });
    }
    return json(404, { error: 'not_found' });
  });
  await new Promise((done) => server.listen(Number(new URL(issuer).port), '127.0.0.1', done));
  provider.close = () => new Promise((done) => { server.close(done); server.closeAllConnections(); });
  return provider;
}
