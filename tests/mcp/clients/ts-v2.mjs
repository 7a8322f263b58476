// The TypeScript SDK, v2 line. ts-v2.mjs TARGET PLAN MODE, where MODE is default, auto or a revision to pin.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { check, readPlan, target } from './plan.mjs';

const mode = process.argv[4] ?? 'default';
const options = {
  default: {},
  auto: { versionNegotiation: { mode: 'auto' } },
}[mode] ?? { versionNegotiation: { mode: { pin: mode } } };
const plan = readPlan();
const client = new Client({ name: 'naftiko-tests-ts-v2', version: '1.0.0' }, options);
await client.connect(target(StreamableHTTPClientTransport, StdioClientTransport));
await check(plan, {
  tools: async () => (await client.listTools()).tools,
  call: (name, args) => client.callTool({ name, arguments: args }),
  version: client.getNegotiatedProtocolVersion?.(),
});
await client.close();
