// Mails per second through nodemailer's pool into an SMTP server on this machine, DKIM-signed or not.
//   node bench/nodemailer.js PORT MAILS CONNECTIONS [KEY.pem]
// Needs nodemailer beside it (npm install nodemailer); html and text as large as one of our letters.
const { readFileSync } = require('fs');
const [port, mails, connections, key] = process.argv.slice(2);
const nodemailer = require(require.resolve('nodemailer', { paths: [process.cwd()] }));
const dkim = key && { domainName: 'example.jp', keySelector: 'mz', privateKey: readFileSync(key) };
const transport = nodemailer.createTransport({
  host: '127.0.0.1', port: Number(port), secure: false, ignoreTLS: true, pool: true,
  maxConnections: Number(connections), maxMessages: Infinity, dkim,
});
const text = 'いつもありがとうございます。'.repeat(23);
const html = '<p>' + 'いつもありがとうございます。'.repeat(237) + '</p>';
const one = (i) => transport.sendMail({
  from: '見本堂 <shop@example.jp>', to: `customer${i}@example.jp`, subject: `見本${i} 様、いつもありがとうございます`,
  text: `${i}\n${text}`, html,
});
(async () => {
  const begun = process.hrtime.bigint();
  let next = 0;
  const lane = async () => { while (next < Number(mails)) await one(next++); };
  await Promise.all(Array.from({ length: 4 * Number(connections) }, lane));
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  console.log(`nodemailer ${key ? 'with' : 'without'} DKIM: ${(Number(mails) / seconds).toFixed(0)} mails/s`);
  transport.close();
})();
