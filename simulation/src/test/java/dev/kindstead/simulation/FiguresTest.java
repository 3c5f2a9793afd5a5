package dev.kindstead.simulation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.CommitResult;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bank, registers and a set in simulated runs; and that their judges are asked. */
final class FiguresTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static WorldOptions options(long seed) {
    return WorldOptions.draw(seed, new SplittableRandom(seed))
        .withSubjects(Subjects.LISTS.withFigures());
  }

  @Test
  void nothingIsWrongByItself() {
    Map<String, Integer> probes = new TreeMap<>();
    for (long seed = 1; seed <= 6; seed++) {
      WorldVerdict verdict = new World(options(seed)).run();
      assertThat(verdict.anomalies()).as("%s", options(seed)).isEmpty();
      verdict.probes().forEach((probe, hits) -> probes.merge(probe, hits, Integer::sum));
    }
    assertThat(probes)
        .containsKeys(
            "money moved",
            "money counted",
            "element inserted",
            "register compared and set",
            "register was another one");
  }

  @Test
  void theSameSeedGivesTheSameTrace() {
    assertThat(new World(options(3)).run()).isEqualTo(new World(options(3)).run());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wrong total: the last read",
        "lost: ",
        "garbage: ",
        "not linearizable: r",
      })
  void whatIsPlantedIsFound(String expected) {
    WorldVerdict verdict = new World(options(2)).beforeTheLastRead(FiguresTest::plant).run();
    assertThat(verdict.anomalies()).anyMatch(each -> each.startsWith(expected));
  }

  private static void plant(World world) {
    Key account = one(world, Figures.ACCOUNT);
    Key element = one(world, Figures.ELEMENT);
    Key register = one(world, Figures.REGISTER);
    List<Mutation> wrong =
        List.of(
            Figures.write(Mutation.Operation.UPDATE, account, -1_000_000),
            Figures.write(Mutation.Operation.UPDATE, register, -1),
            Mutation.plain(Mutation.Operation.DELETE, element, null),
            Figures.write(Mutation.Operation.INSERT, Figures.key(Figures.ELEMENT, "nobody's"), -1));
    Transactions serving = requireNonNull(requireNonNull(world.cluster().serving()).transactions());
    CompletableFuture<CommitResult> commit =
        serving.commit(new CommitRequest(Figures.DATABASE, null, true, wrong));
    assertThat(world.await(LIMIT, commit::isDone)).isTrue();
    commit.join();
  }

  private static Key one(World world, String kind) {
    Entity found =
        FinalState.read(world).others().stream()
            .filter(each -> Figures.isOf(kind, each))
            .findFirst()
            .orElseThrow();
    return requireNonNull(found.key());
  }
}
