"""Stores a user, reads it back and prints it."""

from google.cloud import datastore

client = datastore.Client()

key = client.key("User", "User")
user = datastore.Entity(key=key)
user.update({"name": "John Doe", "email": "john.doe@example.com"})
client.put(user)

found = client.get(key)
print(f"{found['name']} <{found['email']}>")
