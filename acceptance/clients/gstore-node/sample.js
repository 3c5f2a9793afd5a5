'use strict';
// A user of gstore-node; finds the server by DATASTORE_EMULATOR_HOST.
const assert = require('node:assert/strict');
const {Datastore, PropertyFilter, and, or} = require('@google-cloud/datastore');
const {Gstore} = require('gstore-node');

const gstore = new Gstore();
gstore.connect(new Datastore());
const {Schema} = gstore;
let checks = 0;

async function check(what, body) {
  try {
    await body();
  } catch (e) {
    console.log(`not ok ${what} # ${e.stack}`);
    process.exit(1);
  }
  checks++;
  console.log(`ok ${what}`);
}

const Company = gstore.model('GsCompany', new Schema({name: {type: String}, city: {type: String}}));

const userSchema = new Schema({
  name: {type: String, required: true},
  email: {type: String, validate: 'isEmail', optional: true},
  age: {type: Number},
  score: {type: Schema.Types.Double, optional: true},
  active: {type: Boolean, default: true},
  tags: {type: Array, optional: true},
  address: {type: Object, excludeFromIndexes: ['street'], optional: true},
  phones: {type: Array, excludeFromIndexes: true, optional: true},
  biography: {type: String, excludeFromIndexes: true, optional: true},
  place: {type: Schema.Types.GeoPoint, optional: true},
  born: {type: Date, optional: true},
  picture: {type: Buffer, optional: true},
  company: {type: Schema.Types.Key, ref: 'GsCompany', optional: true},
  password: {type: String, read: false, optional: true},
  modifiedOn: {type: Date},
});
userSchema.queries('list', {limit: 3, order: {property: 'age', descending: true}});
userSchema.pre('save', function hashed() {
  if (this.password && !this.password.startsWith('hashed:')) this.password = `hashed:${this.password}`;
  return Promise.resolve();
});
const User = gstore.model('GsUser', userSchema);
const Post = gstore.model('GsPost', new Schema({title: {type: String}, likes: {type: Number}}));
const names = (entities) => entities.map((e) => e.name);

async function main() {
  await User.deleteAll();
  await Company.deleteAll();
  await Post.deleteAll();

  const company = await new Company({name: 'Acme', city: 'Oslo'}, 'acme').save();
  let id;
  const born = new Date('1990-05-06T07:08:09.123Z');
  await check('save with an automatic id', async () => {
    const user = await new User({name: 'Ann', email: 'ann@example.com', age: 30, score: 2, tags: ['red', 'blue'],
      address: {city: 'Oslo', street: 'x'.repeat(2000), at: {floor: 3}}, phones: [{kind: 'home', number: '1'}, {kind: 'work', number: '2'}],
      biography: 'é'.repeat(3000), place: {latitude: 59.9, longitude: 10.7}, born, picture: Buffer.from([0, 255, 7]),
      company: company.entityKey, password: 'secret'}).save();
    id = Number(user.entityKey.id);
    assert.ok(id > 0);
  });
  await check('get by id, every property type', async () => {
    const user = await User.get(id);
    assert.equal(user.name, 'Ann');
    assert.equal(user.age, 30);
    assert.equal(user.score, 2);
    assert.equal(user.active, true);
    assert.deepEqual(user.tags, ['red', 'blue']);
    assert.equal(user.address.city, 'Oslo');
    assert.equal(user.address.street.length, 2000);
    assert.deepEqual(user.address.at, {floor: 3});
    assert.deepEqual(user.phones, [{kind: 'home', number: '1'}, {kind: 'work', number: '2'}]);
    assert.equal(user.biography.length, 3000);
    assert.deepEqual({...user.place}, {latitude: 59.9, longitude: 10.7});
    assert.equal(new Date(user.born).getTime(), born.getTime());
    assert.deepEqual([...user.picture], [0, 255, 7]);
    assert.equal(user.entityData.password, 'hashed:secret');
    assert.equal(user.plain().password, undefined);
    assert.ok(Math.abs(Date.now() - new Date(user.modifiedOn).getTime()) < 60_000);
  });
  await check('populate a reference', async () => {
    const user = await User.get(id).populate('company');
    assert.equal(user.company.name, 'Acme');
    assert.equal(user.company.id, 'acme');
    const some = await (await User.get(id)).populate('company', 'city');
    assert.equal(some.company.city, 'Oslo');
    assert.equal(some.company.name, undefined);
  });
  await check('validation refuses before saving', () =>
    assert.rejects(new User({name: 'Bad', email: 'nonsense', age: 1}).save(), {name: 'ValidationError'}));
  await check('update merges', async () => {
    await User.update(id, {age: 31, address: {city: 'Bergen'}});
    const user = await User.get(id);
    assert.deepEqual([user.name, user.age, user.address.city], ['Ann', 31, 'Bergen']);
    await assert.rejects(User.update(123456, {age: 1}), {code: 'ERR_ENTITY_NOT_FOUND'});
  });
  await check('insert of an existing key is refused', () =>
    assert.rejects(new Company({name: 'Other'}, 'acme').save(null, {method: 'insert'}), {code: 6}));
  await check('update of a missing key is refused', () =>
    assert.rejects(new Company({name: 'Other'}, 'nobody').save(null, {method: 'update'}), {code: 5}));
  await check('save and get of many', async () => {
    await gstore.save(['Bob', 'Cid', 'Dan', 'Eve', 'Fay', 'Gus'].map((name, i) =>
      new User({name, age: 20 + i, tags: i % 2 ? ['odd', 'red'] : ['even'], address: {city: i < 3 ? 'Oslo' : 'Rome'},
        company: company.entityKey}, name)));
    assert.deepEqual(names(await User.get(['Dan', 'Bob', 'Eve'], null, null, null, {preserveOrder: true})), ['Dan', 'Bob', 'Eve']);
    await assert.rejects(User.get('nobody'), {code: 'ERR_ENTITY_NOT_FOUND'});
  });
  await check('query filter, order, limit', async () => {
    const {entities} = await User.query().filter(new PropertyFilter('age', '>', 21)).filter(new PropertyFilter('age', '<=', 25))
      .order('age', {descending: true}).limit(3).run();
    assert.deepEqual(names(entities), ['Gus', 'Fay', 'Eve']);
    assert.equal(entities[0].id, 'Gus');
  });
  await check('query of lists and embedded properties', async () => {
    assert.deepEqual(names((await User.query().filter('tags', 'red').order('name').run()).entities), ['Ann', 'Cid', 'Eve', 'Gus']);
    assert.deepEqual(names((await User.query().filter('tags', 'red').filter('tags', 'odd').order('name').run()).entities), ['Cid', 'Eve', 'Gus']);
    assert.deepEqual(names((await User.query().filter('address.city', 'Rome').order('age').run()).entities), ['Eve', 'Fay', 'Gus']);
    assert.deepEqual((await User.query().filter('biography', 'é'.repeat(10)).run()).entities, []);
  });
  await check('query IN, NOT_IN, !=, or, and', async () => {
    const run = async (filter) => names((await User.query().filter(filter).run()).entities).sort();
    assert.deepEqual(await run(new PropertyFilter('name', 'IN', ['Bob', 'Gus', 'nobody'])), ['Bob', 'Gus']);
    assert.deepEqual(await run(new PropertyFilter('name', 'NOT_IN', ['Bob', 'Gus', 'Ann'])), ['Cid', 'Dan', 'Eve', 'Fay']);
    assert.deepEqual(await run(new PropertyFilter('age', '!=', 31)), ['Bob', 'Cid', 'Dan', 'Eve', 'Fay', 'Gus']);
    assert.deepEqual(await run(or([new PropertyFilter('age', '=', 20),
      and([new PropertyFilter('tags', '=', 'red'), new PropertyFilter('age', '>', 24)])])), ['Ann', 'Bob', 'Gus']);
  });
  await check('pages by cursor', async () => {
    const pages = [];
    let start;
    do {
      const query = User.query().order('age').limit(3);
      if (start) query.start(start);
      const {entities, nextPageCursor} = await query.run();
      pages.push(names(entities));
      start = nextPageCursor;
    } while (start && pages.length < 9);
    assert.deepEqual(pages.filter((p) => p.length), [['Bob', 'Cid', 'Dan'], ['Eve', 'Fay', 'Gus'], ['Ann']]);
  });
  await check('select, offset, keys only', async () => {
    const {entities} = await User.query().select(['name', 'age']).order('age').offset(5).run({readAll: true});
    assert.deepEqual(entities.map(({name, age, email}) => ({name, age, email})), [{name: 'Gus', age: 25, email: undefined}, {name: 'Ann', age: 31, email: undefined}]);
    const keys = await User.query().select('__key__').filter('age', 22).run();
    assert.deepEqual(keys.entities.map((e) => e.id), ['Dan']);
    const [{count}] = (await gstore.ds.runAggregationQuery(gstore.ds.createAggregationQuery(gstore.ds.createQuery('GsUser')).count('count')))[0];
    assert.equal(count, 7);
  });
  await check('list shortcut', async () => {
    const first = await User.list();
    assert.deepEqual(names(first.entities), ['Ann', 'Gus', 'Fay']);
    const next = await User.list({start: first.nextPageCursor});
    assert.deepEqual(names(next.entities), ['Eve', 'Dan', 'Cid']);
    assert.deepEqual(names((await User.list({filters: [['address.city', 'Oslo'], ['age', '>', 20]], order: {property: 'age'}, limit: 9})).entities), ['Cid', 'Dan']);
    const populated = await User.list({format: 'ENTITY', limit: 2}).populate('company');
    assert.deepEqual(populated.entities.map((e) => [e.name, e.company.name]), [['Ann', 'Acme'], ['Gus', 'Acme']]);
  });
  await check('findOne and findAround', async () => {
    assert.equal((await User.findOne({name: 'Eve', active: true})).age, 23);
    assert.equal(Number((await User.findOne({tags: 'blue'})).entityKey.id), id);
    await assert.rejects(User.findOne({name: 'nobody'}), {code: 'ERR_ENTITY_NOT_FOUND'});
    assert.deepEqual(names(await User.findAround('age', 24, {after: 2})), ['Ann', 'Gus']);
    assert.deepEqual(names(await User.findAround('age', 23, {before: 2})), ['Bob', 'Cid']);
  });
  await check('ancestors', async () => {
    await new Post({title: 'one', likes: 1}, 1, ['GsUser', 'Bob']).save();
    await new Post({title: 'two', likes: 2}, undefined, ['GsUser', 'Bob']).save();
    await new Post({title: 'three', likes: 3}, 1, ['GsUser', 'Cid']).save();
    assert.equal((await Post.get(1, ['GsUser', 'Cid'])).title, 'three');
    const {entities} = await Post.query().hasAncestor(gstore.ds.key(['GsUser', 'Bob'])).order('likes', {descending: true}).run();
    assert.deepEqual(entities.map((e) => e.title), ['two', 'one']);
    assert.deepEqual((await Post.list({ancestors: ['GsUser', 'Cid']})).entities.map((e) => e.title), ['three']);
    assert.equal((await Post.findOne({likes: 1}, ['GsUser', 'Bob'])).title, 'one');
  });
  await check('namespaces are apart', async () => {
    await new Company({name: 'There', city: 'Rome'}, 'acme', null, 'gs-other').save();
    assert.equal((await Company.get('acme', null, 'gs-other')).name, 'There');
    assert.equal((await Company.get('acme')).name, 'Acme');
    await Company.deleteAll(null, 'gs-other');
  });
  await check('transaction commits and rolls back', async () => {
    let transaction = gstore.transaction();
    await transaction.run();
    const bob = await User.get('Bob', null, null, transaction);
    bob.age += 100;
    await bob.save(transaction);
    await User.update('Cid', {age: 222}, null, null, transaction);
    assert.equal((await User.get('Bob', null, null, null)).age, 20);
    await transaction.commit();
    assert.deepEqual([(await User.get('Bob')).age, (await User.get('Cid')).age], [120, 222]);
    transaction = gstore.transaction();
    await transaction.run();
    const dan = await User.get('Dan', null, null, transaction);
    dan.age = 0;
    await dan.save(transaction);
    await transaction.rollback();
    assert.equal((await User.get('Dan')).age, 22);
  });
  await check('concurrent updates lose nothing', async () => {
    const increment = async () => {
      for (let attempt = 1; ; attempt++) {
        const transaction = gstore.transaction();
        try {
          await transaction.run();
          const fay = await User.get('Fay', null, null, transaction);
          fay.age += 1;
          await fay.save(transaction);
          await transaction.commit();
          return;
        } catch (e) {
          await transaction.rollback().catch(() => {});
          if (e.code !== 10 || attempt === 20) throw e;
          await new Promise((r) => setTimeout(r, Math.random() * 50 * attempt));
        }
      }
    };
    await Promise.all(Array.from({length: 8}, increment));
    assert.equal((await User.get('Fay')).age, 32);
  });
  await check('delete one, many, all', async () => {
    assert.equal((await User.delete('Gus')).success, true);
    await User.delete(['Eve', 'Dan']);
    assert.deepEqual(names((await User.query().order('name').run()).entities), ['Ann', 'Bob', 'Cid', 'Fay']);
    await User.deleteAll();
    await Post.deleteAll(['GsUser', 'Bob']);
    assert.deepEqual((await User.query().run()).entities, []);
    assert.deepEqual((await Post.query().run()).entities.map((e) => e.title), ['three']);
  });
  console.log(`${checks} checks`);
}

main().catch((e) => {
  console.error(`FAILED: ${e.stack}`);
  process.exit(1);
});
