// Loaded before AWS's runtime where its native client can't be built: the same three calls to the Runtime API, in
// JavaScript. One connection, so that an answer has arrived before the next event is asked for.
const http = require('node:http');
const Module = require('node:module');

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

const call = (method, path, body) =>
  new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path: `/2018-06-01/runtime/${path}`, method, agent }, (response) => {
      let bodyJson = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        bodyJson += chunk;
      });
      response.on('end', () => resolve({ bodyJson, headers: response.headers }));
    });
    request.on('error', reject).end(body);
  });

const client = {
  next: () => call('GET', 'invocation/next'),
  done: (id, body) => void call('POST', `invocation/${id}/response`, body),
  error: (id, body) => void call('POST', `invocation/${id}/error`, body),
};

const load = Module._load;
Module._load = (request, ...rest) => (request.endsWith('rapid-client.node') ? client : load(request, ...rest));
