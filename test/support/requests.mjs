// Asks for a URL many times, one after the other, until a file appears and at least so often, and says how often an answer did not come.
// node requests.mjs '{ "url", "least", "until", "keepAlive", "ca" }' prints { asked, failed, first, closed }.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

const { url, least, until, keepAlive, ca } = JSON.parse(process.argv[2]);
const { get, Agent } = url.startsWith('https:') ? https : http;
const agent = new Agent({ keepAlive, maxSockets: 1, ...(ca ? { ca: readFileSync(ca) } : {}) });
const failures = [];
let [asked, connections] = [0, 0];
while (asked < least || !existsSync(until)) {
  asked += 1;
  if (asked === 10) writeFileSync('/run/requests-begun', '');
  try {
    await new Promise((resolve, reject) => {
      const request = get(url, { agent, timeout: 5000 }, (response) => {
        response.resume();
        response.on('error', reject);
        response.on('end', () =>
          response.statusCode === 200 ? resolve() : reject(new Error(`status ${response.statusCode}`)),
        );
      });
      request.on('socket', () => {
        if (!request.reusedSocket) connections += 1;
      });
      request.on('timeout', () => request.destroy(new Error('timeout')));
      request.on('error', reject);
    });
  } catch (error) {
    // Where both families fail, the message is empty.
    failures.push(`${asked}: ${[error, ...(error.errors ?? [])].map(({ message }) => message).join(' ')}`);
  }
}
agent.destroy();
console.log(JSON.stringify({ asked, failed: failures.length, failures: failures.slice(0, 5), connections }));
