// A sender that counts: `traffic.mjs ADDRESS PORT` sends a UDP datagram and a byte of one TCP connection every 2 ms, and
// opens a new connection every 4 ms, until its input ends, then waits for what is on its way and prints what was sent and
// what came back. `traffic.mjs echo PORT` is the other end.
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';

const [to, port] = process.argv.slice(2);
if (to === 'echo') echo(Number(port));
else send(to, Number(port));

function echo(port) {
  const datagrams = createSocket('udp4', (message, { address, port: back }) => datagrams.send(message, back, address));
  datagrams.bind(port, () => {
    createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(port, () =>
      process.stdout.write('ready\n'),
    );
  });
}

function send(address, port) {
  const count = { udp: 0, udpBack: 0, tcp: 0, tcpBack: 0, opened: 0, answered: 0, errors: 0 };
  const datagrams = createSocket('udp4', () => {
    count.udpBack += 1;
  });
  const stream = connect(port, address, () => process.stdout.write('ready\n'));
  stream.setNoDelay(true);
  stream.on('error', () => {
    count.errors += 1;
  });
  stream.on('data', (bytes) => {
    count.tcpBack += bytes.length;
  });
  const timer = setInterval(() => {
    count.udp += 1;
    datagrams.send(String(count.udp), port, address, (error) => {
      if (error) count.errors += 1;
    });
    count.tcp += 1;
    stream.write('x');
    if (count.udp % 2 === 0) open();
  }, 2);
  const open = () => {
    count.opened += 1;
    const one = connect(port, address, () => one.write('x'));
    // Reset, so that its port is free at once.
    one.on('data', () => {
      count.answered += 1;
      one.resetAndDestroy();
    });
    one.on('error', () => {
      count.errors += 1;
    });
  };
  process.stdin.resume().on('end', () => {
    clearInterval(timer);
    setTimeout(() => {
      process.stdout.write(`${JSON.stringify(count)}\n`, () => process.exit(0));
    }, 1500);
  });
}
