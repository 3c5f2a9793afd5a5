package dev.kindstead.acceptance;

import com.google.api.gax.core.CredentialsProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.cloud.Timestamp;
import com.google.cloud.datastore.Key;
import com.google.cloud.datastore.LatLng;
import com.google.cloud.datastore.Query;
import com.google.cloud.datastore.StructuredQuery.OrderBy;
import com.google.cloud.datastore.StructuredQuery.PropertyFilter;
import com.google.cloud.spring.data.datastore.core.DatastoreTemplate;
import com.google.cloud.spring.data.datastore.repository.config.EnableDatastoreRepositories;
import dev.kindstead.acceptance.Model.Address;
import dev.kindstead.acceptance.Model.Book;
import dev.kindstead.acceptance.Model.Books;
import dev.kindstead.acceptance.Model.Colour;
import dev.kindstead.acceptance.Model.Publisher;
import dev.kindstead.acceptance.Model.Publishers;
import dev.kindstead.acceptance.Model.Review;
import dev.kindstead.acceptance.Model.Shop;
import dev.kindstead.acceptance.Model.Titled;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.data.domain.Example;
import org.springframework.data.domain.ExampleMatcher;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Slice;
import org.springframework.data.domain.Sort;

/** A user of Spring Data Cloud Datastore; finds the server by spring.cloud.gcp.datastore.host. */
@SpringBootApplication
@EnableDatastoreRepositories(considerNestedRepositories = true)
public class SpringDataSample {
  @Bean
  CredentialsProvider credentials() {
    return NoCredentialsProvider.create();
  } // as for Google's emulator

  interface Body {
    void run() throws Exception;
  }

  static int checks;

  static void check(String what, Body body) {
    try {
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

  static void fails(Class<? extends Throwable> type, Body body) {
    try {
      body.run();
    } catch (Throwable t) {
      if (type.isInstance(t)) return;
      throw new AssertionError("other failure", t);
    }
    throw new AssertionError("did not fail with " + type);
  }

  static List<String> titles(Iterable<Book> books) {
    return StreamSupport.stream(books.spliterator(), false).map(b -> b.title).toList();
  }

  public static void main(String[] args) {
    var context = SpringApplication.run(SpringDataSample.class, args);
    Books books = context.getBean(Books.class);
    Publishers publishers = context.getBean(Publishers.class);
    DatastoreTemplate template = context.getBean(DatastoreTemplate.class);
    Shop shop = context.getBean(Shop.class);
    check(
        "deleteAll",
        () -> {
          books.deleteAll();
          publishers.deleteAll();
          template.deleteAll(Review.class);
          same(0L, books.count());
        });
    long[] id = new long[1];
    check(
        "save with an automatic id, @Reference, @Descendants",
        () -> {
          Book book = new Book("Alpha", "Ann", 2000);
          book.price = 10.5;
          book.sold = true;
          book.colour = Colour.GREEN;
          book.tags = List.of("red", "blue");
          book.shop = new Address("Oslo", "s".repeat(2000));
          book.depots = List.of(new Address("Rome", "a"), new Address("Bonn", "b"));
          book.counts = new HashMap<>(Map.of("x", 1L));
          book.text = "é".repeat(3000);
          book.at = Timestamp.parseTimestamp("1990-05-06T07:08:09.123456Z");
          book.place = LatLng.of(59.9, 10.7);
          book.publisher = new Publisher("acme", "Rome");
          book.reviews = List.of(new Review(5), new Review(3));
          id[0] = books.save(book).id;
          same(true, id[0] > 0);
        });
    check(
        "findById, every property",
        () -> {
          Book b = books.findById(id[0]).orElseThrow();
          same(
              List.of("Alpha", "Ann", 2000, 10.5, true, Colour.GREEN, List.of("red", "blue")),
              List.of(b.title, b.author, b.year, b.price, b.sold, b.colour, b.tags));
          same(
              "Oslo 2000 Rome Bonn",
              b.shop.city
                  + " "
                  + b.shop.street.length()
                  + " "
                  + b.depots.get(0).city
                  + " "
                  + b.depots.get(1).city);
          same(Map.of("x", 1L), b.counts);
          same("é".repeat(3000), b.text);
          same(Timestamp.parseTimestamp("1990-05-06T07:08:09.123456Z"), b.at);
          same(LatLng.of(59.9, 10.7), b.place);
          same("acme Rome", b.publisher.name + " " + b.publisher.town);
          same(List.of(3, 5), b.reviews.stream().map(r -> r.stars).sorted().toList());
          same(Optional.empty(), books.findById(424242L));
        });
    check(
        "saveAll, findAllById, count, existsById",
        () -> {
          String[] all = {"Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta"};
          List<Book> saved = new ArrayList<>();
          books
              .saveAll(
                  IntStream.range(0, 6)
                      .mapToObj(i -> {
                        Book b = new Book(all[i], i % 2 == 0 ? "Bob" : "Cid", 2001 + i);
                        b.sold = i < 3;
                        b.colour = Colour.values()[i % 2];
                        b.tags = i % 2 == 0 ? List.of("red") : List.of("odd");
                        b.shop = new Address(i < 3 ? "Oslo" : "Rome", "s");
                        return b;
                      })
                      .toList())
              .forEach(saved::add);
          same(
              List.of("Beta", "Delta"),
              titles(books.findAllById(List.of(saved.get(0).id, saved.get(2).id))).stream()
                  .sorted()
                  .toList());
          same(
              List.of(7L, true, false),
              List.of(books.count(), books.existsById(id[0]), books.existsById(424242L)));
        });
    check(
        "derived queries",
        () -> {
          same(Set.of("Beta", "Delta", "Zeta"), new HashSet<>(titles(books.findByAuthor("Bob"))));
          same(
              List.of("Zeta", "Delta"),
              titles(books.findByAuthorAndYearGreaterThanEqualOrderByYearDesc("Bob", 2003)));
          same(
              List.of("Gamma", "Delta", "Epsilon"),
              titles(books.findByYearGreaterThanAndYearLessThanOrderByYear(2001, 2005)));
          same(
              Set.of("Alpha", "Gamma"),
              new HashSet<>(titles(books.findByColourAndSold(Colour.GREEN, true))));
          same(2003, books.findFirstByTitle("Delta").orElseThrow().year);
          same(false, books.findFirstByTitle("none").isPresent());
          same(List.of("Eta", "Zeta", "Epsilon"), titles(books.findTop3ByOrderByYearDesc()));
          same(
              List.of(3L, true, false),
              List.of(
                  books.countByAuthor("Cid"),
                  books.existsByTitle("Eta"),
                  books.existsByTitle("none")));
          same(List.of("Beta"), books.findByYear(2001).stream().map(Titled::getTitle).toList());
        });
    check(
        "Slice, Page, Sort",
        () -> {
          List<List<String>> slices = new ArrayList<>();
          Pageable next = PageRequest.of(0, 3, Sort.by("year"));
          while (next.isPaged() && slices.size() < 9) {
            Slice<Book> slice = books.findByYearGreaterThan(1999, next);
            slices.add(titles(slice));
            next = slice.nextPageable();
          }
          same(
              List.of(
                  List.of("Alpha", "Beta", "Gamma"),
                  List.of("Delta", "Epsilon", "Zeta"),
                  List.of("Eta")),
              slices);
          Page<Book> page = books.findByAuthorOrderByYear("Cid", PageRequest.of(1, 2));
          same(
              "[Eta] 3 2",
              titles(page) + " " + page.getTotalElements() + " " + page.getTotalPages());
          same(
              List.of("Eta", "Zeta"),
              titles(books.findAll(PageRequest.of(0, 2, Sort.by("year").descending()))));
          same(
              List.of("Alpha", "Beta", "Delta", "Epsilon", "Eta", "Gamma", "Zeta"),
              titles(books.findAll(Sort.by("title"))));
        });
    check(
        "@Query: GQL with parameters, SpEL, count, Slice",
        () -> {
          same(List.of("Delta", "Zeta"), titles(books.written("Bob", 2001)));
          same(List.of("Eta", "Epsilon"), titles(books.latest("Cid")));
          same(
              Set.of("Alpha", "Beta", "Delta"),
              new HashSet<>(titles(books.taggedAt("red", "Oslo"))));
          same(
              Set.of("Alpha", "Eta"),
              new HashSet<>(titles(books.titled(List.of("Alpha", "Eta", "none")))));
          same(2L, books.countSome());
          Slice<Book> slice = books.sliced(2001, PageRequest.of(0, 2));
          same("[Gamma, Delta] true", titles(slice) + " " + slice.hasNext());
          same(List.of("Epsilon", "Zeta"), titles(books.sliced(2001, slice.nextPageable())));
        });
    check(
        "query by example",
        () -> {
          Book example = new Book(null, "Bob", null);
          var matcher = ExampleMatcher.matching().withIgnorePaths("id");
          same(
              List.of("Zeta", "Delta", "Beta"),
              titles(books.findAll(Example.of(example, matcher), Sort.by("year").descending())));
          same(3L, books.count(Example.of(example, matcher)));
        });
    check(
        "template",
        () -> {
          Query<?> query =
              Query.newEntityQueryBuilder()
                  .setKind("SdBook")
                  .setFilter(PropertyFilter.eq("depots.city", "Bonn"))
                  .build();
          same(
              List.of("Alpha"),
              titles(template.query((Query<com.google.cloud.datastore.Entity>) query, Book.class)));
          Iterable<Key> keys =
              template.queryKeys(
                  Query.newKeyQueryBuilder()
                      .setKind("SdBook")
                      .setOrderBy(OrderBy.asc("published_year"))
                      .setLimit(1)
                      .build());
          same(id[0], keys.iterator().next().getId());
          same(
              2,
              template
                  .findByIdAsMap(template.createKey("SdMap", writeMap(template)), Long.class)
                  .size());
          fails(
              com.google.cloud.datastore.DatastoreException.class,
              () -> template.insert(publishers.findById("acme").get()));
        });
    check(
        "@Transactional commits, rolls back, read only",
        () -> {
          shop.raise(id[0], 1, false);
          fails(IllegalStateException.class, () -> shop.raise(id[0], 100, true));
          same(11.5, books.findById(id[0]).orElseThrow().price);
          same("Alpha", shop.read(id[0]));
          fails(
              org.springframework.transaction.TransactionSystemException.class,
              shop::writeInReadOnly);
          same(
              20.0,
              books.performTransaction(r -> {
                Book b = r.findById(id[0]).orElseThrow();
                b.price = 20.0;
                return r.save(b).price;
              }));
          same(20.0, books.findById(id[0]).orElseThrow().price);
        });
    check(
        "two threads, contention, @Transactional tried again",
        () -> {
          List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
          List<Thread> threads =
              IntStream.range(0, 2)
                  .mapToObj(t ->
                      new Thread(() -> {
                        for (int i = 0, attempt = 0; i < 15; i++) {
                          try {
                            shop.raise(id[0], 1, false);
                          } catch (RuntimeException e) {
                            if (!String.valueOf(e.getMessage()).contains("contention")
                                    && !String.valueOf(e.getCause()).contains("contention")
                                || ++attempt > 300) {
                              failures.add(e);
                              return;
                            }
                            i--;
                          }
                        }
                      }))
                  .toList();
          threads.forEach(Thread::start);
          for (Thread thread : threads) thread.join();
          failures.forEach(Throwable::printStackTrace);
          same(List.of(), failures);
          same(50.0, books.findById(id[0]).orElseThrow().price);
        });
    check(
        "delete by query, by id",
        () -> {
          same(3L, books.deleteByAuthor("Cid"));
          books.deleteById(id[0]);
          same(Set.of("Beta", "Delta", "Zeta"), new HashSet<>(titles(books.findAll())));
        });
    System.out.println(checks + " checks");
    System.exit(SpringApplication.exit(context));
  }

  static String writeMap(DatastoreTemplate template) {
    template.writeMap(template.createKey("SdMap", "m"), Map.of("a", 1L, "b", 2L));
    return "m";
  }
}
