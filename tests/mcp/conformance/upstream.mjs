// The upstream of capability.yaml: one answer for each kind of content. `node upstream.mjs [PORT]` prints its port.
import { readFileSync } from 'node:fs';
import http from 'node:http';

const image = readFileSync(new URL('files/pixel.png', import.meta.url));
// A wave file without a sample in it.
const audio = Buffer.from('UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=', 'base64');

function parts(...list) {
  const chunks = list.flatMap(([headers, body]) => [
    Buffer.from(`--part\r\n${Object.entries(headers).map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n`),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...chunks, Buffer.from('--part--\r\n')]);
}

const text = { 'content-type': 'text/plain' };
const own = (uri, type) => ({ 'content-type': type, 'content-location': uri });
const answers = {
  '/content/simple-text': [200, text, 'This is a simple text response for testing.'],
  '/content/image': [200, { 'content-type': 'image/png' }, image],
  '/content/audio': [200, { 'content-type': 'audio/wav' }, audio],
  '/content/embedded-resource': [
    200,
    own('test://embedded-resource', 'text/plain'),
    'This is an embedded resource content.',
  ],
  '/content/multiple': [
    200,
    { 'content-type': 'multipart/mixed; boundary=part' },
    parts(
      [text, 'Multiple content types test:'],
      [{ 'content-type': 'image/png' }, image],
      [own('test://mixed-content-resource', 'application/json'), '{"test":"data","value":123}'],
    ),
  ],
  '/content/failure': [500, text, 'This tool intentionally returns an error for testing'],
};

const server = http.createServer((request, response) => {
  const record = /^\/records\/([^/]+)$/.exec(request.url);
  if (record) {
    const id = decodeURIComponent(record[1]);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }));
    return;
  }
  const [status, headers, body] = answers[request.url] ?? [404, text, 'nothing here'];
  response.writeHead(status, headers);
  response.end(body);
});
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => console.log(server.address().port));
