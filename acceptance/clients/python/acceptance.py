"""Google's clients for Python against the server that DATASTORE_EMULATOR_HOST names.

Prints "ok NAME" or "not ok NAME # reason" for each check.
"""

import datetime
import math
import os
import threading

from google.api_core import exceptions
from google.cloud import datastore, ndb
from google.cloud.datastore import query as queries
from google.cloud.datastore.helpers import GeoPoint

PROJECT = os.environ["DATASTORE_PROJECT_ID"]
client = datastore.Client(project=PROJECT)


def entity(key, exclude=(), **properties):
    made = datastore.Entity(key=key, exclude_from_indexes=exclude)
    made.update(properties)
    return made


def numbers(kind, count):
    client.put_multi([entity(client.key(kind, f"n{n:02}"), n=n) for n in range(count)])


def insert_lookup_upsert_delete():
    key = client.key("Task", "a")
    with client.batch() as batch:
        batch.put(entity(key, text="one"))
    assert client.get(key)["text"] == "one"
    client.put(entity(key, other="two"))
    assert dict(client.get(key)) == {"other": "two"}
    client.delete(key)
    assert client.get(key) is None
    assert client.get_multi([key, client.key("Task", "b")]) == []


def error_codes():
    for bad in (client.key("__reserved__", "x"), client.key("Task", "n" * 1501)):
        try:
            client.put(entity(bad))
            raise AssertionError(f"{bad} was accepted")
        except exceptions.InvalidArgument:
            pass


def allocated_ids_are_unique():
    ids = [key.id for key in client.allocate_ids(client.key("Task"), 10)]
    saved = entity(client.key("Task"))
    client.put(saved)
    ids.append(saved.key.id)
    assert len(set(ids)) == 11 and all(0 < each < 2**53 for each in ids), ids
    client.reserve_ids_multi([client.key("Task", 4712)])


def values_come_back_as_they_went():
    key = client.key("Values", "all")
    sent = {
        "greatest": 2**63 - 1,
        "smallest": -(2**63),
        "double": 0.5,
        "infinity": math.inf,
        "text": "ß水🚀",
        "bytes": b"\x00\xff\x80",
        "yes": True,
        "nothing": None,
        "moment": datetime.datetime(2026, 11, 21, 1, 2, 3, 456789, tzinfo=datetime.timezone.utc),
        "place": GeoPoint(-90.0, 180.0),
        "friend": client.key("Values", 5),
        "empty": [],
        "list": ["b", 1, "b", None],
        "nested": entity(None, deep=entity(None, deeper="x")),
    }
    client.put(entity(key, ("text",), not_a_number=math.nan, negative_zero=-0.0, **sent))
    read = client.get(key)
    assert math.isnan(read.pop("not_a_number"))
    assert math.copysign(1, read.pop("negative_zero")) == -1
    assert dict(read) == sent, dict(read)
    assert read.exclude_from_indexes == {"text"}


def queries_and_cursors():
    numbers("Number", 25)
    small = client.query(kind="Number", order=["n"])
    small.add_filter(filter=queries.And([
        queries.PropertyFilter("n", ">=", 5), queries.PropertyFilter("n", "<", 8)]))
    assert [each["n"] for each in small.fetch()] == [5, 6, 7]

    keys = client.query(kind="Number")
    keys.keys_only()
    assert len(list(keys.fetch())) == 25

    seen, cursor = [], None
    while True:
        page = client.query(kind="Number", order=["-n"]).fetch(limit=10, start_cursor=cursor)
        got = [each["n"] for each in page]
        seen += got
        cursor = page.next_page_token
        if not got or cursor is None:
            break
    assert seen == list(range(24, -1, -1)), seen
    assert [each["n"] for each in client.query(kind="Number", order=["n"]).fetch(offset=23)] == [23, 24]


def aggregations():
    numbers("Counted", 10)
    query = client.aggregation_query(client.query(kind="Counted"))
    query.count(alias="all").sum("n", alias="sum").avg("n", alias="mean")
    got = {each.alias: each.value for each in list(query.fetch())[0]}
    assert got == {"all": 10, "sum": 45, "mean": 4.5}, got


def a_transaction_commits_both_or_none():
    a, b = client.key("Account", "a"), client.key("Account", "b")
    client.put_multi([entity(a, balance=100), entity(b, balance=0)])
    with client.transaction():
        balance = client.get(a)["balance"]
        client.put_multi([entity(a, balance=balance - 30), entity(b, balance=30)])
    assert [client.get(each)["balance"] for each in (a, b)] == [70, 30]
    try:
        with client.transaction():
            client.delete(a)
            raise KeyError("changed my mind")
    except KeyError:
        pass
    assert client.get(a)["balance"] == 70
    with client.transaction(read_only=True):
        assert client.get(b)["balance"] == 30


def conflicts_abort_and_retries_lose_nothing():
    key = client.key("Account", "counter")
    client.put(entity(key, count=0))

    def count():
        for _ in range(5):
            while True:
                try:
                    with client.transaction():
                        client.put(entity(key, count=client.get(key)["count"] + 1))
                    break
                except exceptions.Aborted:
                    pass

    threads = [threading.Thread(target=count) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert client.get(key)["count"] == 15, client.get(key)


def databases_and_namespaces_are_apart():
    places = [
        datastore.Client(project=PROJECT, database=database, namespace=namespace)
        for database in (None, "second")
        for namespace in (None, "tenant")
    ]
    for i, place in enumerate(places):
        place.put(entity(place.key("Note", "same"), i=i))
    for i, place in enumerate(places):
        assert place.get(place.key("Note", "same"))["i"] == i
        assert len(list(place.query(kind="Note").fetch())) == 1


class Person(ndb.Model):
    name = ndb.StringProperty()
    tags = ndb.StringProperty(repeated=True)
    born = ndb.DateTimeProperty()
    notes = ndb.TextProperty()
    extra = ndb.JsonProperty()


def ndb_models():
    with ndb.Client(project=PROJECT).context(cache_policy=lambda key: False):
        born = datetime.datetime(1999, 12, 31, 23, 59, 59)
        key = Person(name="Ada", tags=["a", "b"], born=born, notes="n" * 2000, extra={"x": [1]}).put()
        read = key.get()
        assert (read.name, read.tags, read.born, read.extra) == ("Ada", ["a", "b"], born, {"x": [1]})
        assert len(read.notes) == 2000
        assert Person.query(Person.tags == "b").get().key == key

        @ndb.transactional()
        def rename():
            person = key.get()
            person.name = "Grace"
            person.put()

        rename()
        assert key.get().name == "Grace"
        assert Person.query().count() == 1


for check in (
    insert_lookup_upsert_delete,
    error_codes,
    allocated_ids_are_unique,
    values_come_back_as_they_went,
    queries_and_cursors,
    aggregations,
    a_transaction_commits_both_or_none,
    conflicts_abort_and_retries_lose_nothing,
    databases_and_namespaces_are_apart,
    ndb_models,
):
    name = check.__name__.replace("_", " ")
    try:
        check()
        print(f"ok {name}", flush=True)
    except Exception as e:  # every failure is reported, none ends the run
        print(f"not ok {name} # {type(e).__name__}: {e}".replace("\n", " | "), flush=True)
