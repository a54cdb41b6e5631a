// Shows the contract that this server serves. The token is kept by the page only, and only while it is open; nothing is sent
// to a validator elsewhere.
window.onload = () => SwaggerUIBundle({ url: '/openapi.json', dom_id: '#reference', deepLinking: true, validatorUrl: null });
