package dev.kindstead.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.simulation.check.BankTotals.Balances;
import dev.kindstead.simulation.check.Sessions.Seen;
import dev.kindstead.simulation.check.SetMembers.Insert;
import dev.kindstead.simulation.check.UniqueIds.Allocation;
import dev.kindstead.simulation.check.UniqueIds.Reservation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each judge that looks at everything once finds what is planted, and nothing in what may be. */
final class FoldedAnomalyTest {
  private static final Map<String, Long> OPENING = Map.of("a", 10L, "b", 0L);

  private static List<String> bank(Map<String, Long> balances) {
    return BankTotals.anomalies(OPENING, List.of(new Balances("client 1", balances)));
  }

  @Test
  void moneyMadeOrLost() {
    assertThat(bank(Map.of("a", -5L, "b", 15L))).isEmpty();
    assertThat(bank(Map.of("a", 5L, "b", 4L)))
        .singleElement()
        .asString()
        .contains("9 instead of 10");
    assertThat(bank(Map.of("a", 10L))).singleElement().asString().contains("lost or made");
    assertThat(bank(Map.of("a", 5L, "b", 5L, "c", 0L))).hasSize(1);
  }

  private static final List<Insert> INSERTS =
      List.of(
          new Insert(1, Outcome.DONE),
          new Insert(2, Outcome.NOT_DONE),
          new Insert(3, Outcome.UNKNOWN));

  @Test
  void insertsLostUndeadTwiceOrMadeUp() {
    assertThat(SetMembers.anomalies(INSERTS, List.of(1L))).isEmpty();
    assertThat(SetMembers.anomalies(INSERTS, List.of(3L, 1L))).isEmpty();
    assertThat(SetMembers.anomalies(INSERTS, List.of(3L)))
        .singleElement()
        .asString()
        .contains("lost");
    assertThat(SetMembers.anomalies(INSERTS, List.of(1L, 2L)))
        .singleElement()
        .asString()
        .contains("undead");
    assertThat(SetMembers.anomalies(INSERTS, List.of(1L, 3L, 3L)))
        .singleElement()
        .asString()
        .contains("duplicate");
    assertThat(SetMembers.anomalies(INSERTS, List.of(1L, 4L)))
        .singleElement()
        .asString()
        .contains("garbage");
  }

  @Test
  void idsHandedOutTwiceOrThoughReserved() {
    var one = new Allocation(1, 10, List.of(5L, 6L));
    assertThat(UniqueIds.anomalies(List.of(one, new Allocation(2, 11, List.of(7L))), List.of()))
        .isEmpty();
    assertThat(UniqueIds.anomalies(List.of(one, new Allocation(2, 11, List.of(6L))), List.of()))
        .singleElement()
        .asString()
        .contains("id 6 twice");
    assertThat(UniqueIds.anomalies(List.of(new Allocation(1, 10, List.of(5L, 5L))), List.of()))
        .hasSize(1);
    assertThat(reserved(one, 9, Outcome.DONE)).singleElement().asString().contains("reserved");
    assertThat(reserved(one, 10, Outcome.DONE)).as("at the same time").isEmpty();
    assertThat(reserved(one, 9, Outcome.UNKNOWN)).isEmpty();
    assertThat(reserved(one, 9, Outcome.NOT_DONE)).isEmpty();
  }

  private static List<String> reserved(Allocation allocation, long ended, Outcome outcome) {
    return UniqueIds.anomalies(
        List.of(allocation), List.of(new Reservation(3, ended, outcome, List.of(5L))));
  }

  @Test
  void sessionsThatGoBack() {
    assertThat(
            Sessions.anomalies(
                List.of(
                    Seen.read(1, "k", 5),
                    Seen.read(2, "k", 4),
                    Seen.read(1, "other", 1),
                    Seen.write(1, "k", 7, Outcome.DONE),
                    Seen.read(1, "k", 7),
                    Seen.write(1, "k", 9, Outcome.UNKNOWN),
                    Seen.read(1, "k", 7),
                    Seen.read(1, "k", 9))))
        .isEmpty();
    assertThat(Sessions.anomalies(List.of(Seen.read(1, "k", 5), Seen.read(1, "k", 4))))
        .singleElement()
        .asString()
        .contains("reads go back");
    assertThat(
            Sessions.anomalies(List.of(Seen.write(1, "k", 5, Outcome.DONE), Seen.read(1, "k", 0))))
        .singleElement()
        .asString()
        .contains("own write unseen");
  }

  @Test
  void pagesThatDoNotJoin() {
    List<Integer> all = List.of(1, 2, 3, 4);
    assertThat(CursorPages.anomalies(all, List.of(List.of(1, 2), List.of(), List.of(3, 4))))
        .isEmpty();
    assertThat(CursorPages.anomalies(List.of(), List.of())).isEmpty();
    assertThat(CursorPages.anomalies(all, List.of(List.of(1, 2), List.of(4))))
        .containsExactly("on no page: 3");
    assertThat(CursorPages.anomalies(all, List.of(List.of(1, 2), List.of(2, 3, 4))))
        .containsExactly("again on page 1: 2");
    assertThat(CursorPages.anomalies(all, List.of(List.of(1, 2, 3, 4, 5))))
        .containsExactly("only on page 0: 5");
    assertThat(CursorPages.anomalies(all, List.of(List.of(2, 1), List.of(3, 4))))
        .singleElement()
        .asString()
        .contains("another order");
  }
}
