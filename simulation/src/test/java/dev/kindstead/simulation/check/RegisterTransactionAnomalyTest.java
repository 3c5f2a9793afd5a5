package dev.kindstead.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.simulation.check.RegisterTransaction.Held;
import dev.kindstead.simulation.check.RegisterTransaction.Written;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Anomalies of transactions over registers are found by name, and what is possible is not. */
final class RegisterTransactionAnomalyTest {
  private static final Map<String, Held> NO_READS = Map.of();
  private static final Map<String, Written> NO_WRITES = Map.of();

  private final List<RegisterTransaction> history = new ArrayList<>();

  @Test
  void aSerialHistoryIsClean() {
    done(0, 1, absent("x"), write("x", 1, 10));
    done(2, 3, read("x", 1, 10), both(write("x", 2, 20), write("y", 3, 20)));
    done(4, 5, both(read("x", 2, 20), read("y", 3, 20)), NO_WRITES);
    assertThat(judge()).isEmpty();
  }

  @Test
  void writeCycle() {
    done(0, 9, NO_READS, both(write("x", 1, 10), write("y", 2, 20)));
    done(0, 9, NO_READS, both(write("x", 3, 11), write("y", 4, 19)));
    assertFound("G0 (");
  }

  @Test
  void abortedRead() {
    attempt(0, 1, Outcome.NOT_DONE, NO_READS, write("x", 1, 0));
    done(2, 3, read("x", 1, 10), NO_WRITES);
    assertFound("G1a");
  }

  @Test
  void intermediateRead() {
    done(0, 9, NO_READS, Map.of("x", new Written(List.of(1L, 2L), 10)));
    done(0, 9, read("x", 2, 10), NO_WRITES);
    assertThat(judge()).isEmpty();
    done(0, 9, read("x", 1, 10), NO_WRITES);
    assertFound("G1b");
  }

  @Test
  void circularInformationFlow() {
    done(0, 9, read("y", 2, 0), write("x", 1, 0));
    done(0, 9, read("x", 1, 0), write("y", 2, 0));
    assertFound("G1c (");
  }

  @Test
  void lostUpdate() {
    done(0, 1, NO_READS, write("x", 1, 0));
    done(2, 9, read("x", 1, 0), write("x", 2, 0));
    unknown(read("x", 1, 0), write("x", 3, 0));
    assertThat(judge()).isEmpty();
    done(2, 9, read("x", 1, 0), write("x", 4, 0));
    assertFound("G-single (lost update)");
  }

  @Test
  void updateLostToABlindWrite() {
    done(0, 9, read("x", 1, 10), write("x", 3, 30));
    done(0, 9, NO_READS, write("x", 1, 10));
    assertThat(judge()).isEmpty();
    done(0, 9, NO_READS, write("x", 2, 20));
    assertFound("G-single (one");
  }

  @Test
  void halfOfATransactionRead() {
    done(0, 9, NO_READS, both(write("x", 1, 0), write("y", 2, 0)));
    done(0, 9, both(read("x", 1, 0), absent("y")), NO_WRITES);
    assertFound("G-single (one");
  }

  @Test
  void writeSkew() {
    done(0, 9, both(absent("x"), absent("y")), write("x", 1, 0));
    done(0, 9, both(absent("x"), absent("y")), write("y", 2, 0));
    assertFound("G2 (");
  }

  @Test
  void longFork() {
    done(0, 9, NO_READS, write("x", 1, 0));
    done(0, 9, NO_READS, write("y", 2, 0));
    done(0, 9, both(read("x", 1, 0), absent("y")), NO_WRITES);
    done(0, 9, both(absent("x"), read("y", 2, 0)), NO_WRITES);
    assertFound("G2 (");
  }

  @Test
  void versionsAgainstRealTime() {
    done(0, 1, NO_READS, write("x", 1, 20));
    done(2, 3, NO_READS, write("x", 2, 10));
    assertFound("G0-realtime");
  }

  @Test
  void readOfTheFuture() {
    done(0, 1, read("x", 1, 0), NO_WRITES);
    done(2, 3, NO_READS, write("x", 1, 0));
    assertFound("G1c-realtime");
  }

  @Test
  void staleRead() {
    done(0, 1, absent("x"), write("x", 1, 0));
    done(2, 3, read("x", 1, 0), write("x", 2, 0));
    done(4, 5, read("x", 2, 0), NO_WRITES);
    assertThat(judge()).isEmpty();
    done(4, 5, read("x", 1, 0), NO_WRITES);
    assertFound("G-single-realtime");
  }

  @Test
  void forkThatOnlyRealTimeShows() {
    done(0, 9, both(absent("x"), read("y", 2, 0)), NO_WRITES);
    done(0, 3, NO_READS, write("x", 1, 0));
    done(4, 9, absent("y"), NO_WRITES);
    done(0, 9, NO_READS, write("y", 2, 0));
    assertFound("G2-realtime");
  }

  @Test
  void anUnknownTransactionHasHappenedOnceItWasRead() {
    done(0, 1, NO_READS, write("x", 1, 10));
    unknown(read("x", 1, 10), both(write("x", 2, 0), write("y", 3, 0)));
    done(20, 21, read("x", 1, 10), NO_WRITES);
    assertThat(judge()).as("it may happen later, or never").isEmpty();
    done(30, 31, both(read("x", 2, 25), read("y", 3, 25)), NO_WRITES);
    assertThat(judge()).as("or late").isEmpty();
    done(40, 41, absent("y"), NO_WRITES);
    assertFound("G-single-realtime");
  }

  @Test
  void oneUnknownTransactionBearsWitnessForAnother() {
    unknown(NO_READS, both(write("x", 1, 0), write("y", 2, 0)));
    unknown(read("x", 1, 0), write("z", 3, 0));
    done(0, 1, absent("y"), NO_WRITES);
    assertThat(judge()).isEmpty();
    done(0, 1, both(read("z", 3, 0), absent("y")), NO_WRITES);
    assertFound("G-single (one");
  }

  @Test
  void whatIsMadeUp() {
    done(0, 1, read("x", 1, 10), NO_WRITES);
    assertFound("garbage");
    history.clear();
    done(0, 1, read("x", 1, 10), write("x", 1, 10));
    assertFound("read of its own write");
  }

  @Test
  void versionsMixedUp() {
    done(0, 1, NO_READS, write("x", 1, 10));
    done(2, 3, read("x", 1, 11), NO_WRITES);
    assertFound("two versions of one value");
    history.clear();
    done(0, 9, NO_READS, write("x", 1, 10));
    done(0, 9, NO_READS, write("x", 2, 10));
    assertFound("one version of two values");
  }

  private static Map<String, Held> absent(String key) {
    return Map.of(key, Held.ABSENT);
  }

  private static Map<String, Held> read(String key, long value, long version) {
    return Map.of(key, new Held(value, version));
  }

  private static Map<String, Written> write(String key, long value, long version) {
    return Map.of(key, new Written(List.of(value), version));
  }

  private static <T> Map<String, T> both(Map<String, T> one, Map<String, T> other) {
    Map<String, T> both = new TreeMap<>(one);
    both.putAll(other);
    return both;
  }

  private void done(
      long invoked, long ended, Map<String, Held> reads, Map<String, Written> writes) {
    attempt(invoked, ended, Outcome.DONE, reads, writes);
  }

  private void unknown(Map<String, Held> reads, Map<String, Written> writes) {
    attempt(0, 0, Outcome.UNKNOWN, reads, writes);
  }

  private void attempt(
      long invoked,
      long ended,
      Outcome outcome,
      Map<String, Held> reads,
      Map<String, Written> writes) {
    history.add(new RegisterTransaction(history.size(), invoked, ended, outcome, reads, writes));
  }

  private void assertFound(String name) {
    assertThat(judge()).anyMatch(anomaly -> anomaly.startsWith(name));
  }

  private List<String> judge() {
    return RegisterSerializability.anomalies(history);
  }
}
