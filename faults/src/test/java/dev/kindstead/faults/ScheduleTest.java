package dev.kindstead.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.faults.Schedule.Slot;
import dev.kindstead.faults.fault.FaultKind;
import dev.kindstead.faults.fault.FaultKind.Scope;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
  private static final List<FaultKind> ALL = List.of(FaultKind.values());

  private static List<Slot> slots(long seed) {
    var schedule = new Schedule(seed, ALL);
    return IntStream.range(0, 500).mapToObj(_ -> schedule.next()).toList();
  }

  @Test
  void theSameSeedGivesTheSameFaults() {
    assertThat(slots(7)).isEqualTo(slots(7)).isNotEqualTo(slots(8));
  }

  @Test
  void everyKindComesUpAsOftenAsTheOthers() {
    List<FaultKind> drawn = slots(7).stream().flatMap(slot -> slot.kinds().stream()).toList();
    for (FaultKind kind : ALL) {
      long times = drawn.stream().filter(kind::equals).count();
      assertThat(times)
          .as(kind.word())
          .isBetween(drawn.size() / ALL.size() - 1L, drawn.size() / ALL.size() + 1L);
    }
  }

  @Test
  void lightOnesComeWhileOneNodeStarts() {
    List<Slot> all = slots(7).stream().filter(slot -> !slot.companions().isEmpty()).toList();
    assertThat(all)
        .hasSizeGreaterThan(50)
        .allSatisfy(slot -> {
          assertThat(slot.kinds().stream().filter(FaultKind::isRestart)).hasSize(1);
          assertThat(slot.companions()).allMatch(FaultKind::isLight);
        });
  }

  @Test
  void whatEndsAllNodesComesAlone() {
    List<Slot> pairs = slots(7).stream().filter(slot -> slot.kinds().size() == 2).toList();
    assertThat(pairs)
        .hasSizeGreaterThan(100)
        .allSatisfy(pair -> {
          assertThat(pair.kinds()).noneMatch(kind -> kind.scope() == Scope.ALONE);
          assertThat(pair.kinds().getLast().scope()).isEqualTo(Scope.NODE);
          assertThat(pair.kinds().stream().filter(FaultKind::needsSpare)).hasSizeLessThan(2);
        });
  }
}
