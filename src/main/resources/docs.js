// Shows the contract that this server serves, and tries it out where the page came from: behind a path prefix too. The token is kept by
// the page only, and only while it is open; nothing is sent to a validator elsewhere.
window.onload = async () => {
  const spec = await (await fetch('openapi.json')).json();
  spec.servers = [{ url: new URL('.', location.href).href.replace(/\/$/, ''), description: 'The server of this page.' }];
  SwaggerUIBundle({ spec, dom_id: '#reference', deepLinking: true, validatorUrl: null });
};
