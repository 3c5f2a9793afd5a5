package dev.kindstead.acceptance;

import static com.googlecode.objectify.ObjectifyService.ofy;

import com.google.cloud.datastore.DatastoreException;
import com.google.cloud.datastore.DatastoreOptions;
import com.google.cloud.datastore.LatLng;
import com.google.cloud.datastore.QueryResults;
import com.googlecode.objectify.Key;
import com.googlecode.objectify.NotFoundException;
import com.googlecode.objectify.ObjectifyFactory;
import com.googlecode.objectify.ObjectifyService;
import com.googlecode.objectify.Ref;
import com.googlecode.objectify.cmd.Query;
import com.googlecode.objectify.util.Closeable;
import dev.kindstead.acceptance.Model.Address;
import dev.kindstead.acceptance.Model.Colour;
import dev.kindstead.acceptance.Model.Person;
import dev.kindstead.acceptance.Model.Post;
import dev.kindstead.acceptance.Model.Team;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** A user of Objectify; finds the server by DATASTORE_EMULATOR_HOST. */
public class ObjectifySample {
  interface Body {
    void run() throws Exception;
  }

  static int checks;

  static void check(String what, Body body) {
    try (Closeable session =
        ObjectifyService.begin()) { // a session per check: nothing from the last one's cache
      body.run();
    } catch (Throwable t) {
      System.out.flush();
      System.out.println("not ok " + what + " # " + t);
      t.printStackTrace();
      System.exit(1);
    }
    checks++;
    System.out.println("ok " + what);
  }

  static void same(Object expected, Object actual) {
    if (!Objects.equals(expected, actual))
      throw new AssertionError("expected " + expected + " but got " + actual);
  }

  static <T extends Throwable> void fails(Class<T> type, Callable<?> body) {
    try {
      body.call();
    } catch (Throwable t) {
      if (type.isInstance(t)) return;
      throw new AssertionError("other failure", t);
    }
    throw new AssertionError("did not fail with " + type);
  }

  static List<String> names(Iterable<Person> people) {
    List<String> names = new ArrayList<>();
    people.forEach(p -> names.add(p.name));
    return names;
  }

  static Query<Person> people() {
    return ofy().load().type(Person.class);
  }

  public static void main(String[] args) {
    ObjectifyService.init(new ObjectifyFactory(DatastoreOptions.getDefaultInstance().getService()));
    ObjectifyService.register(Team.class);
    ObjectifyService.register(Person.class);
    ObjectifyService.register(Post.class);
    check(
        "delete what earlier runs left",
        () -> {
          for (Class<?> type : List.of(Team.class, Person.class, Post.class))
            ofy().delete().keys(ofy().load().type(type).keys().list()).now();
          same(0, people().count());
        });
    Key<Team> team = Key.create(Team.class, "blue");
    long[] id = new long[1];
    check(
        "save with an automatic Long id and a String id",
        () -> {
          same(team, ofy().save().entity(new Team("blue", "Oslo")).now());
          ofy().save().entities(new Team("green", "Rome"), new Team("red", "Rome")).now();
          Person ann = new Person("Ann", 30, "red", "blue");
          ann.score = 2.0;
          ann.colour = Colour.GREEN;
          ann.address = new Address("Oslo", "s".repeat(2000));
          ann.former = List.of(new Address("Rome", "a"), new Address("Bonn", "b"));
          ann.counts.put("x", 1);
          ann.team = Ref.create(team);
          ann.fans =
              List.of(
                  Ref.create(Key.create(Team.class, "green")),
                  Ref.create(Key.create(Team.class, "missing")));
          ann.biography = "é".repeat(3000);
          ann.picture = new byte[] {0, -1, 7};
          ann.place = LatLng.of(59.9, 10.7);
          ann.born = Instant.parse("1990-05-06T07:08:09.123456Z");
          id[0] = ofy().save().entity(ann).now().getId();
          same(true, id[0] > 0 && ann.id == id[0]);
        });
    check(
        "load every property, @OnSave, @OnLoad, @Ignore",
        () -> {
          Person ann = ofy().load().type(Person.class).id(id[0]).safe();
          same(
              List.of("Ann", 30, 2.0, Colour.GREEN, List.of("red", "blue")),
              List.of(ann.name, ann.age, ann.score, ann.colour, ann.tags));
          same("Oslo " + 2000, ann.address.city + " " + ann.address.street.length());
          same(List.of("Rome", "Bonn"), ann.former.stream().map(a -> a.city).toList());
          same(Map.of("x", 1), ann.counts);
          same("é".repeat(3000), ann.biography);
          same(
              List.of((byte) 0, (byte) -1, (byte) 7),
              List.of(ann.picture[0], ann.picture[1], ann.picture[2]));
          same(LatLng.of(59.9, 10.7), ann.place);
          same(Instant.parse("1990-05-06T07:08:09.123456Z"), ann.born);
          same("true loaded Ann", ann.saved + " " + ann.passing);
        });
    check(
        "Ref: loaded by group, lists, a missing one",
        () -> {
          Person ann = ofy().load().group(Person.Loaded.class).type(Person.class).id(id[0]).now();
          same(true, ann.team.isLoaded());
          same("Oslo", ann.team.get().town);
          same("Rome", ann.fans.get(0).get().town);
          same(null, ann.fans.get(1).get());
          fails(NotFoundException.class, () -> ann.fans.get(1).safe());
        });
    check(
        "save and load of many",
        () -> {
          String[] all = {"Bob", "Cid", "Dan", "Eve", "Fay", "Gus"};
          ofy()
              .save()
              .entities(
                  IntStream.range(0, 6)
                      .mapToObj(i -> {
                        Person p =
                            new Person(
                                all[i],
                                20 + i,
                                i % 2 == 0 ? new String[] {"even"} : new String[] {"odd", "red"});
                        p.address = new Address(i < 3 ? "Oslo" : "Rome", "s");
                        p.team = Ref.create(Key.create(Team.class, i < 3 ? "blue" : "green"));
                        p.colour = Colour.values()[i % 2];
                        return p;
                      })
                      .toList())
              .now();
          same(
              Set.of("blue", "red"),
              ofy().load().type(Team.class).ids("blue", "red", "nobody").keySet());
        });
    check(
        "filter and order",
        () -> {
          same(
              List.of("Gus", "Fay", "Eve"),
              names(people().filter("age >", 21).filter("age <=", 25).order("-age").limit(3)));
          same(List.of("Dan", "Eve"), names(people().order("age").offset(2).limit(2)));
          same(
              List.of("Ann", "Cid", "Eve", "Gus"),
              names(people().filter("tags", "red").order("name")));
          same(
              List.of("Cid", "Eve", "Gus"),
              names(people().filter("tags", "red").filter("tags", "odd").order("age")));
          same(
              List.of("Gus", "Fay"),
              names(people().filter("address.city", "Rome").order("-age").limit(2)));
          same(List.of("Ann"), names(people().filter("former.city", "Bonn")));
          same(List.of("Ann"), names(people().filter("counts.x", 1)));
          same(
              List.of("Gus", "Eve"),
              names(
                  people()
                      .filter("colour", Colour.GREEN)
                      .filter("team", Key.create(Team.class, "green"))
                      .order("-age")));
          same(List.of(), names(people().filter("biography", "é".repeat(10))));
          same("Dan", people().filter("age", 22).first().now().name);
          same(null, people().filter("age", 99).first().now());
        });
    check(
        "IN and !=",
        () -> {
          same(
              Set.of("Bob", "Gus"),
              new HashSet<>(names(people().filter("name in", List.of("Bob", "Gus", "nobody")))));
          same(
              List.of("Cid", "Gus", "Ann"),
              names(
                  people()
                      .filter("tags in", List.of("odd", "blue"))
                      .filter("age !=", 23)
                      .order("age")));
          same(6, names(people().filter("age !=", 30)).size());
          same(4, names(people().filter("name !in", List.of("Bob", "Gus", "Ann"))).size());
        });
    check(
        "count, keys, key filters, projection, distinct",
        () -> {
          same(7, people().count());
          same(3, people().filter("tags", "even").count());
          same(4, people().limit(4).count());
          same(
              List.of(id[0]),
              people().filter("age", 30).keys().list().stream().map(Key::getId).toList());
          same(
              List.of("blue", "green"),
              ofy()
                  .load()
                  .type(Team.class)
                  .filterKey("<", Key.create(Team.class, "red"))
                  .keys()
                  .list()
                  .stream()
                  .map(Key::getName)
                  .toList());
          Person p = people().project("name", "age").order("age").first().now();
          same("Bob 20 null", p.name + " " + p.age + " " + p.address);
          same(
              List.of(Colour.GREEN, Colour.RED),
              people().project("colour").distinct(true).order("colour").list().stream()
                  .map(q -> q.colour)
                  .toList());
        });
    check(
        "pages by cursor",
        () -> {
          List<List<String>> pages = new ArrayList<>();
          Query<Person> query = people().order("age").limit(3);
          for (List<String> page = null; page == null || page.size() == 3; pages.add(page)) {
            QueryResults<Person> results = query.iterator();
            page = names(() -> results);
            query = query.startAt(results.getCursorAfter());
          }
          same(
              List.of(List.of("Bob", "Cid", "Dan"), List.of("Eve", "Fay", "Gus"), List.of("Ann")),
              pages);
        });
    check(
        "@Parent and ancestor queries",
        () -> {
          Key<Person> ann = Key.create(Person.class, id[0]);
          Key<Person> bob = people().filter("name", "Bob").keys().first().now();
          Key<Post> one = ofy().save().entity(new Post(ann, "one", 1)).now();
          ofy().save().entities(new Post(ann, "two", 2), new Post(bob, "three", 3)).now();
          same(ann, one.getParent());
          same("one", ofy().load().key(one).now().title);
          same(
              List.of("two", "one"),
              ofy().load().type(Post.class).ancestor(ann).order("-likes").list().stream()
                  .map(p -> p.title)
                  .toList());
          same(3, ofy().load().ancestor(ann).list().size()); // of every kind: Ann and her posts
        });
    check(
        "transaction commits, rolls back, sees its snapshot",
        () -> {
          Key<Person> ann = Key.create(Person.class, id[0]);
          same(
              131,
              ofy()
                  .transact(() -> {
                    Person p = ofy().load().key(ann).now();
                    p.age += 101;
                    ofy().save().entity(p);
                    same(2, ofy().load().type(Post.class).ancestor(ann).count());
                    return p.age;
                  }));
          same(131, ofy().load().key(ann).now().age);
          fails(
              IllegalStateException.class,
              () ->
                  ofy()
                      .transact(() -> {
                        ofy().delete().key(ann).now();
                        throw new IllegalStateException("undo");
                      }));
          ofy().clear();
          same(131, ofy().load().key(ann).now().age);
          fails(
              DatastoreException.class,
              () -> ofy().transactReadOnly(() -> ofy().save().entity(new Team("x", "y")).now()));
        });
    check(
        "two threads, contention, transact retries",
        () -> {
          Key<Person> ann = Key.create(Person.class, id[0]);
          int[] attempts = new int[1];
          List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
          List<Thread> threads =
              IntStream.range(0, 2)
                  .mapToObj(t ->
                      new Thread(() ->
                          ObjectifyService.run(() -> {
                            for (int i = 0; i < 20; i++)
                              ofy()
                                  .transactNew(
                                      30,
                                      () -> {
                                        synchronized (attempts) {
                                          attempts[0]++;
                                        }
                                        Person p = ofy().load().key(ann).now();
                                        p.age++;
                                        ofy().save().entity(p).now();
                                        return null;
                                      });
                            return null;
                          })))
                  .toList();
          for (Thread thread : threads) {
            thread.setUncaughtExceptionHandler((t, e) -> failures.add(e));
            thread.start();
          }
          for (Thread thread : threads) thread.join();
          same(List.of(), failures);
          same(171, ofy().load().key(ann).now().age);
          System.out.println("   40 increments in " + attempts[0] + " attempts");
        });
    check(
        "delete",
        () -> {
          fails(NotFoundException.class, () -> ofy().load().type(Team.class).id("nobody").safe());
          ofy().delete().type(Person.class).id(id[0]).now();
          same(null, ofy().load().type(Person.class).id(id[0]).now());
          ofy().delete().keys(people().keys().list()).now();
          same(0, people().count());
        });
    System.out.println(checks + " checks");
    System.exit(0);
  }
}
