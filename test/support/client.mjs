// Asks once over TCP, or over UDP until something answers, and prints the answer; nothing after four seconds.
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';

const AGAIN_MS = 300;
const [protocol, host, port, patienceMs] = process.argv.slice(2);

setTimeout(() => process.exit(1), Number(patienceMs));
if (protocol === 'tcp') overTcp();
else overUdp();

function overTcp() {
  const socket = connect({ host, port: Number(port) });
  socket.pipe(process.stdout);
  socket.on('error', () => process.exit(1));
  socket.on('close', () => process.exit(0));
}

function overUdp() {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const send = () => socket.send('hello', Number(port), host, () => {});
  socket.on('message', (answer) => process.stdout.write(answer, () => process.exit(0)));
  send();
  setInterval(send, AGAIN_MS);
}
