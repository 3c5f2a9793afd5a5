// Google's client for Node.js against the server that DATASTORE_EMULATOR_HOST names.
// Prints "ok NAME" or "not ok NAME # reason" for each check.
import assert from 'node:assert/strict';
import {Datastore, PropertyFilter, and} from '@google-cloud/datastore';

const ABORTED = 10;
const datastore = new Datastore();

const checks = {
  async 'insert, lookup, update, upsert, delete'() {
    const key = datastore.key(['Task', 'a']);
    await datastore.insert({key, data: {text: 'one'}});
    assert.equal((await datastore.get(key))[0].text, 'one');
    await datastore.update({key, data: {text: 'two'}});
    assert.equal((await datastore.get(key))[0].text, 'two');
    await datastore.upsert({key, data: {other: 'three'}});
    assert.deepEqual(Object.entries((await datastore.get(key))[0]), [['other', 'three']]);
    await datastore.delete(key);
    assert.equal((await datastore.get(key))[0], undefined);
  },

  async 'error codes'() {
    const key = datastore.key(['Task', 'twice']);
    await datastore.insert({key, data: {}});
    await assert.rejects(datastore.insert({key, data: {}}), {code: 6});
    await assert.rejects(datastore.update({key: datastore.key(['Task', 'nobody']), data: {}}), {code: 5});
    await assert.rejects(datastore.save({key: datastore.key(['__reserved__', 'x']), data: {}}), {code: 3});
  },

  async 'allocated ids are unique'() {
    const [keys] = await datastore.allocateIds(datastore.key(['Task']), 10);
    const saved = {key: datastore.key(['Task']), data: {}};
    await datastore.save(saved);
    const ids = [...keys, saved.key].map(key => key.id);
    assert.equal(new Set(ids).size, 11);
    assert.ok(ids.every(id => Number.isSafeInteger(Number(id))));
  },

  async 'values come back as they went'() {
    const key = datastore.key(['Values', 'all']);
    const data = {
      greatest: datastore.int('9223372036854775807'),
      smallest: datastore.int('-9223372036854775808'),
      double: datastore.double(0.5),
      notANumber: datastore.double(NaN),
      negativeZero: datastore.double(-0),
      text: 'ß水🚀',
      yes: true,
      nothing: null,
      bytes: Buffer.from([0, 255, 128]),
      moment: new Date('2026-11-21T01:02:03.456Z'),
      place: datastore.geoPoint({latitude: -90, longitude: 180}),
      friend: datastore.key(['Values', 5]),
      empty: [],
      list: ['b', 'a', 'b'],
      nested: {deep: {deeper: 'x'}},
    };
    await datastore.save({key, data, excludeFromIndexes: ['text']});
    const [read] = await datastore.get(key, {wrapNumbers: true});
    assert.equal(read.greatest.value, '9223372036854775807');
    assert.equal(read.smallest.value, '-9223372036854775808');
    assert.equal(Number(read.double.value ?? read.double), 0.5);
    assert.ok(Number.isNaN(Number(read.notANumber.value ?? read.notANumber)));
    assert.ok(Object.is(Number(read.negativeZero.value ?? read.negativeZero), -0));
    assert.equal(read.text, data.text);
    assert.equal(read.yes, true);
    assert.equal(read.nothing, null);
    assert.deepEqual(read.bytes, data.bytes);
    assert.deepEqual(read.moment, data.moment);
    assert.deepEqual(read.place.value ?? read.place, data.place.value);
    assert.equal(read.friend.id, '5');
    assert.deepEqual(read.empty, []);
    assert.deepEqual(read.list, data.list);
    assert.deepEqual(read.nested, data.nested);
  },

  async 'queries and cursors'() {
    await numbers('Number', 25);
    const [small] = await datastore.runQuery(
      datastore.createQuery('Number')
        .filter(and([new PropertyFilter('n', '>=', 5), new PropertyFilter('n', '<', 8)]))
    );
    assert.deepEqual(small.map(each => each.n), [5, 6, 7]);
    const [keys] = await datastore.runQuery(datastore.createQuery('Number').filter(new PropertyFilter('n', '=', 3)).select('__key__'));
    assert.equal(keys[0][datastore.KEY].name, 'n03');

    const seen = [];
    let cursor;
    let more;
    do {
      const query = datastore.createQuery('Number').order('n', {descending: true}).limit(10);
      const [page, info] = await datastore.runQuery(cursor ? query.start(cursor) : query);
      seen.push(...page.map(each => each.n));
      cursor = info.endCursor;
      more = info.moreResults;
    } while (more !== Datastore.NO_MORE_RESULTS && seen.length <= 25);
    assert.deepEqual(seen, Array.from({length: 25}, (_, i) => 24 - i));
  },

  async 'a query streamed'() {
    await numbers('Streamed', 12);
    let count = 0;
    for await (const _ of datastore.runQueryStream(datastore.createQuery('Streamed'))) count++;
    assert.equal(count, 12);
  },

  async aggregations() {
    await numbers('Counted', 10);
    const query = datastore.createAggregationQuery(datastore.createQuery('Counted'))
      .count('all').sum('n', 'sum').average('n', 'mean');
    const [[result]] = await datastore.runAggregationQuery(query);
    assert.deepEqual(result, {all: 10, sum: 45, mean: 4.5});
  },

  async 'a transaction commits both or none'() {
    const [a, b] = ['a', 'b'].map(name => datastore.key(['Account', name]));
    await datastore.save([{key: a, data: {balance: 100}}, {key: b, data: {balance: 0}}]);
    const transaction = datastore.transaction();
    await transaction.run();
    const [from] = await transaction.get(a);
    transaction.save([{key: a, data: {balance: from.balance - 30}}, {key: b, data: {balance: 30}}]);
    await transaction.commit();
    const [both] = await datastore.get([a, b]);
    assert.deepEqual(both.map(each => each.balance).sort(), [30, 70]);

    const dropped = datastore.transaction();
    await dropped.run();
    dropped.delete(a);
    await dropped.rollback();
    assert.equal((await datastore.get(a))[0].balance, 70);
  },

  async 'conflicts abort, retries lose nothing'() {
    const key = datastore.key(['Account', 'counter']);
    await datastore.save({key, data: {count: 0}});
    const increment = async () => {
      for (;;) {
        const transaction = datastore.transaction();
        try {
          await transaction.run();
          const [account] = await transaction.get(key);
          transaction.save({key, data: {count: account.count + 1}});
          await transaction.commit();
          return;
        } catch (e) {
          if (e.code !== ABORTED) throw e;
          await transaction.rollback().catch(() => {});
          await new Promise(resolve => setTimeout(resolve, 20 * Math.random()));
        }
      }
    };
    await Promise.all(Array.from({length: 5}, async () => {
      for (let i = 0; i < 4; i++) await increment();
    }));
    assert.equal((await datastore.get(key))[0].count, 20);
  },

  async 'composite indexes are listed'() {
    const project = await datastore.auth.getProjectId();
    const made = await fetch(`http://${process.env.DATASTORE_EMULATOR_HOST}/v1/projects/${project}/indexes`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({kind: 'Indexed', properties: [{name: 'a'}, {name: 'b', direction: 'DESCENDING'}]}),
    });
    assert.equal(made.status, 200);
    const {metadata: {indexId}} = await made.json();
    const [indexes] = await datastore.getIndexes();
    assert.ok(indexes.some(index => index.id === indexId));
    const [metadata] = await datastore.index(indexId).getMetadata();
    assert.deepEqual(metadata.properties.map(property => property.name), ['a', 'b']);
  },

  async 'explanations'() {
    await datastore.save([0, 1, 2].map(i => ({key: datastore.key(['Explained', `e${i}`]), data: {i}})));
    const query = datastore.createQuery('Explained').order('i');
    const [results, info] = await datastore.runQuery(query, {explainOptions: {analyze: true}});
    assert.equal(results.length, 3);
    assert.equal(info.explainMetrics.planSummary.indexesUsed[0].properties, '(i ASC, __name__ ASC)');
  },

  async 'databases and namespaces are apart'() {
    const places = [
      datastore,
      new Datastore({databaseId: 'second'}),
      new Datastore({namespace: 'tenant'}),
      new Datastore({databaseId: 'second', namespace: 'tenant'}),
    ];
    for (const [i, place] of places.entries()) {
      await place.save({key: place.key(['Note', 'same']), data: {i}});
    }
    for (const [i, place] of places.entries()) {
      assert.equal((await place.get(place.key(['Note', 'same'])))[0].i, i);
      assert.equal((await place.runQuery(place.createQuery('Note')))[0].length, 1);
    }
  },
};

async function numbers(kind, count) {
  const entities = [];
  for (let n = 0; n < count; n++) {
    entities.push({key: datastore.key([kind, `n${String(n).padStart(2, '0')}`]), data: {n}});
  }
  await datastore.save(entities);
}

for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok ${name}`);
  } catch (e) {
    console.log(`not ok ${name} # ${String(e.stack ?? e).replaceAll('\n', ' | ')}`);
  }
}
process.exit();
