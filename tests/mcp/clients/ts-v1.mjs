// The TypeScript SDK, v1 line: the client that most programs have. It knows revisions to 2025-11-25.
// ts-v1.mjs TARGET PLAN: see plan.mjs
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { check, readPlan, target } from './plan.mjs';

const plan = readPlan();
const client = new Client({ name: 'naftiko-tests-ts-v1', version: '1.0.0' });
await client.connect(target(StreamableHTTPClientTransport, StdioClientTransport));
await check(plan, {
  tools: async () => (await client.listTools()).tools,
  call: (name, args) => client.callTool({ name, arguments: args }),
});
await client.close();
