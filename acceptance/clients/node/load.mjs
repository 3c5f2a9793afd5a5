// node load.mjs: writes, reads back, queries and transacts until SIGTERM, with the client's own retries. Prints each
// failure, and at the end what was done; what was acknowledged is to be found as it was, each increment once.
import {Datastore} from '@google-cloud/datastore';

const datastore = new Datastore();
const WORKERS = 2;
const PAUSE_MILLIS = 50;
let ending = false;
process.on('SIGTERM', () => (ending = true));
let done = 0;
let repeated = 0;
let failed = 0;

async function attempt(name, work) {
  try {
    await work();
    done++;
  } catch (error) {
    failed++;
    console.log(`failed ${name}: ${error.code} ${error.message}`);
  }
}

function check(claim, what) {
  if (!claim) {
    throw new Error(what);
  }
}

const ABORTED = 10;
const TRIES = 5;

// A transaction ends with the node that it began on: whoever transacts repeats what was aborted.
async function increment(key) {
  for (let left = TRIES; ; left--) {
    const transaction = datastore.transaction();
    try {
      await transaction.run();
      const [entity] = await transaction.get(key);
      transaction.save({key, data: {count: (entity?.count ?? 0) + 1}});
      await transaction.commit();
      return;
    } catch (error) {
      if (error.code !== ABORTED || left === 1) {
        throw error;
      }
      repeated++;
    }
  }
}

async function work(worker) {
  const parent = ['Worker', `w${worker}`];
  const counter = datastore.key(['Counter', `c${worker}`]);
  let increments = 0;
  for (let number = 1; !ending; number++) {
    const key = datastore.key([...parent, 'Row', `r${number % 10}`]);
    await attempt('save', () => datastore.save({key, data: {number}}));
    await attempt('get', async () => {
      const [entity] = await datastore.get(key);
      check(entity?.number === number, `read ${entity?.number} after ${number}`);
    });
    await attempt('query', async () => {
      const query = datastore.createQuery('Row').hasAncestor(datastore.key(parent));
      const [rows] = await datastore.runQuery(query);
      check(rows.length === Math.min(number, 10), `${rows.length} rows`);
    });
    await attempt('transaction', async () => {
      await increment(counter);
      increments++;
    });
    await new Promise(resolve => setTimeout(resolve, PAUSE_MILLIS));
  }
  await attempt('count', async () => {
    const [entity] = await datastore.get(counter);
    check(entity.count === increments, `${entity.count} counted, ${increments} acknowledged`);
  });
}

await Promise.all(Array.from({length: WORKERS}, (_, worker) => work(worker)));
console.log(`done ${done}, transactions repeated ${repeated}, failed ${failed}`);
process.exit(failed === 0 ? 0 : 1);
