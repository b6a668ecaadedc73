// Answers every TCP connection and every datagram with `<name> <address of the client>`, until its input ends.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const [name, port, address] = process.argv.slice(2);
const answer = (client) => `${name} ${String(client).replace(/^::ffff:/, '')}\n`;

const tcp = createServer((socket) => {
  socket.on('error', () => {});
  socket.end(answer(socket.remoteAddress));
});
const udp = createSocket(address.includes(':') ? 'udp6' : 'udp4');
udp.on('message', (_, client) => udp.send(answer(client.address), client.port, client.address));

await new Promise((resolve) => tcp.listen(Number(port), address, resolve));
await new Promise((resolve) => udp.bind(Number(port), address, resolve));
process.stdin.resume().on('end', () => process.exit(0));
console.log('ready');
