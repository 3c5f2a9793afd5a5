// node keeps.mjs write: stores entities until the server is gone, one line for each acknowledged one.
// node keeps.mjs verify FILE: looks up what those lines name; prints each that is not as it was written.
import {readFileSync} from 'node:fs';
import {Datastore} from '@google-cloud/datastore';

const datastore = new Datastore();
const WRITERS = 4;

const text = number => `text ${number} `.repeat(20);

async function write(writer) {
  for (let number = 1; ; number++) {
    const key = datastore.key(['Kept', `writer-${writer}-${number}`]);
    if (number % 3 === 0) {
      const transaction = datastore.transaction();
      await transaction.run();
      await transaction.get(key);
      transaction.save({key, data: {number, text: text(number)}});
      await transaction.commit();
    } else {
      await datastore.save({key, data: {number, text: text(number)}});
    }
    console.log(`acknowledged ${key.name} ${number}`);
  }
}

async function verify(file) {
  const lines = readFileSync(file, 'utf8').split('\n').filter(line => line.startsWith('acknowledged '));
  let kept = 0;
  for (const line of lines) {
    const [, name, number] = line.split(' ');
    const [entity] = await datastore.get(datastore.key(['Kept', name]));
    if (entity?.number === Number(number) && entity.text === text(number)) {
      kept++;
    } else {
      console.log(`lost ${name}`);
    }
  }
  console.log(`kept ${kept} of ${lines.length}`);
}

const [, , mode, file] = process.argv;
if (mode === 'write') {
  await Promise.all(Array.from({length: WRITERS}, (_, writer) => write(writer)));
} else {
  await verify(file);
}
