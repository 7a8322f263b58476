// What every client does: list the tools, compare their names, call each and look at what comes.
//
// TARGET is a URL, or `stdio:` and a JSON array of the command line. PLAN is a JSON file:
// {"tools": [names], "calls": [{"name", "arguments", "error"?: bool, "contains"?: text}], "version"?: {mode: revision}}
import { readFileSync } from 'node:fs';

export function readPlan() {
  return JSON.parse(readFileSync(process.argv[3], 'utf8'));
}

export function target(Http, Stdio) {
  const where = process.argv[2];
  if (where.startsWith('stdio:')) {
    const [command, ...args] = JSON.parse(where.slice('stdio:'.length));
    return new Stdio({ command, args, stderr: 'inherit', env: process.env });
  }
  return new Http(new URL(where));
}

export async function check(plan, client) {
  const tools = await client.tools();
  const names = tools.map((tool) => tool.name);
  if (JSON.stringify(names) !== JSON.stringify(plan.tools)) {
    throw new Error(`listed ${names.join(', ')} instead of ${plan.tools.join(', ')}`);
  }
  for (const call of plan.calls) {
    const result = await client.call(call.name, call.arguments);
    const text = JSON.stringify(result);
    if (Boolean(result.isError) !== Boolean(call.error)) throw new Error(`${call.name}: ${text}`);
    if (call.contains && !text.includes(call.contains)) {
      throw new Error(`${call.name}: nothing of ${call.contains} in ${text}`);
    }
  }
  console.log(JSON.stringify({ tools: tools.length, calls: plan.calls.length, version: client.version }));
}
