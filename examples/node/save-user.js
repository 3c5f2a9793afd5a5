// Stores a user, reads it back and prints it.
const {Datastore} = require('@google-cloud/datastore');

const datastore = new Datastore();

async function main() {
  const key = datastore.key(['User', 'User']);
  await datastore.save({key, data: {name: 'John Doe', email: 'john.doe@example.com'}});

  const [user] = await datastore.get(key);
  console.log(`${user.name} <${user.email}>`);
}

main();
