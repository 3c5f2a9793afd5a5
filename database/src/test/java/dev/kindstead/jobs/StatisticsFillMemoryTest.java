package dev.kindstead.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** However many names there are, few numbers are kept, and those of kinds stay right. */
final class StatisticsFillMemoryTest {
  private final DatabaseStatistics statistics = new DatabaseStatistics();

  private static void add(DatabaseStatistics to, String namespace, String property) {
    var partition = new PartitionId("p", "", namespace);
    var key = new Key(partition, List.of(PathElement.ofId("K", 1)));
    Value value = Value.of(new Value.IntegerValue(1));
    to.add(key, new Entity(key, Map.of(property, value)), 50, List.of());
  }

  private static KindStatistics kind(DatabaseStatistics of) {
    KindStatistics kind = of.whole().get("K");
    if (kind == null) {
      throw new AssertionError("no kind");
    }
    return kind;
  }

  @Test
  void manyNamespacesAreToldAsOne() {
    for (int i = 0; i < 5_000; i++) {
      add(statistics, "n" + i, "a");
    }
    statistics.limit();
    add(statistics, "another", "a");
    assertThat(statistics.namespaces()).isEmpty();
    assertThat(kind(statistics).all().items()).isEqualTo(5_001);
    assertThat(kind(statistics).properties().counts()).hasSize(1);
  }

  @Test
  void manyPropertiesAreNotTold() {
    for (int i = 0; i < 20_000; i++) {
      add(statistics, "", "a" + i);
    }
    statistics.limit();
    assertThat(kind(statistics).properties().counts()).isEmpty();
    assertThat(kind(statistics).all().items()).isEqualTo(20_000);
  }

  @Test
  void whatOneShardLeavesOutIsLeftOutOfTheSum() {
    for (int i = 0; i < 20_000; i++) {
      add(statistics, "n" + i, "a" + i);
    }
    statistics.limit();
    var sum = new DatabaseStatistics();
    add(sum, "other", "b");
    sum.add(statistics);
    assertThat(sum.namespaces()).isEmpty();
    assertThat(kind(sum).properties().counts()).isEmpty();
    assertThat(kind(sum).all().items()).isEqualTo(20_001);
  }
}
