// Sends a datagram each tenth of a second, all from one port, and prints the answers, until its input ends.
import { createSocket } from 'node:dgram';

const AGAIN_MS = 100;
const [host, port] = process.argv.slice(2);
const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');

socket.on('message', (answer) => process.stdout.write(answer));
setInterval(() => socket.send('hello', Number(port), host, () => {}), AGAIN_MS);
process.stdin.resume().on('end', () => process.exit(0));
