package dev.kindstead.simulation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.PathElement;
import dev.kindstead.simulation.library.Book;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.CommitResult;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What is changed behind the clients' backs when nobody works any more is noticed all the same: of
 * books, of entities with ids of the node's, and of anything else.
 */
final class LostAtTheEndTest {
  private static final WorldOptions LIFE =
      WorldOptions.planted(1, Plant.NOTHING, Set.of("crash"))
          .withSubjects(Subjects.LISTS.withLibrary())
          .withClients(2, 0)
          .withDuration(Duration.ofSeconds(5));

  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Test
  void nothingIsLostByItself() {
    WorldVerdict verdict = new World(LIFE).run();
    assertThat(verdict.anomalies()).isEmpty();
    assertThat(verdict.probes())
        .containsKeys("book judged at the end", "entity with an id of the node judged");
  }

  @Test
  void whatIsPlantedIsFound() {
    WorldVerdict verdict = new World(LIFE).beforeTheLastRead(LostAtTheEndTest::plant).run();
    for (String expected :
        List.of(
            "lost: book s",
            "undead: book s",
            "entities below .*lost: .* is missing",
            "entities below .*undead: \\[1\\b",
            "garbage: nobody has written ")) {
      assertThat(verdict.anomalies())
          .as(expected)
          .anyMatch(each -> Pattern.compile("^" + expected).matcher(each).find());
    }
  }

  private static void plant(World world) {
    List<Entity> books = all(world, Book::isOne);
    List<Entity> inserted = all(world, IdClients::isOne);
    var other = new Key(Lists.PARTITION, List.of(PathElement.ofName("Other", "o")));
    commit(
        world,
        List.of(
            delete(books.getFirst()),
            empty(keyOf(books.getLast())),
            delete(inserted.getFirst()),
            empty(keyOf(inserted.getLast()).withId(1)),
            empty(other)));
  }

  private static List<Entity> all(World world, Predicate<Entity> wanted) {
    return FinalState.read(world).others().stream().filter(wanted).toList();
  }

  private static Key keyOf(Entity entity) {
    return requireNonNull(entity.key());
  }

  private static Mutation delete(Entity entity) {
    return Mutation.plain(Mutation.Operation.DELETE, keyOf(entity), null);
  }

  private static Mutation empty(Key key) {
    return Mutation.plain(Mutation.Operation.UPSERT, key, new Entity(key, Map.of()));
  }

  private static void commit(World world, List<Mutation> mutations) {
    Transactions serving = requireNonNull(requireNonNull(world.cluster().serving()).transactions());
    CompletableFuture<CommitResult> commit =
        serving.commit(new CommitRequest(Lists.DATABASE, null, true, mutations));
    assertThat(world.await(LIMIT, commit::isDone)).isTrue();
    commit.join();
  }
}
