package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.index.BuiltInIndexes;
import dev.kindstead.index.CompositeIndexes;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexEntry;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Entity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An index entry that is missing, or is there without its entity, is found: each there is. */
final class IndexAstrayTest {
  private static final IndexDefinition COMPOSITE = Lists.INDEX.definition();

  private final Entity before = list(List.of(), 1);
  private final Entity after = list(List.of(1), 2);

  @Test
  void everyMissingEntryIsMissed() {
    List<Bytes> all = entriesOf(after);
    assertThat(disagreements(all)).isEmpty();
    assertThat(all).hasSizeGreaterThan(3);
    for (Bytes forgotten : all) {
      List<Bytes> rest = new ArrayList<>(all);
      rest.remove(forgotten);
      assertThat(disagreements(rest)).containsExactly("misses index entry " + forgotten);
    }
  }

  @Test
  void everyEntryOfAnOldStateIsOneTooMany() {
    List<Bytes> fresh = entriesOf(after);
    List<Bytes> old = entriesOf(before).stream().filter(each -> !fresh.contains(each)).toList();
    assertThat(old).isNotEmpty();
    for (Bytes left : old) {
      List<Bytes> all = new ArrayList<>(fresh);
      all.add(left);
      assertThat(disagreements(all)).containsExactly("has an index entry of nothing: " + left);
    }
  }

  @Test
  void entriesOfAnIndexThatIsNotThereAreTooMany() {
    var agreement = new IndexAgreement(List.of());
    agreement.addEntity(after);
    entriesOf(after).forEach(agreement::addEntry);
    int composite = CompositeIndexes.entriesOf(after, List.of(COMPOSITE)).size();
    assertThat(agreement.disagreements()).hasSize(composite).isNotEmpty();
  }

  @Test
  void aDeletedListThatComesBack() {
    var state = new FinalState(true, 0, new TreeMap<>(), new ArrayList<>(), new ArrayList<>());
    state.addSwept("x", List.of(1));
    assertThat(state.disagreements()).isEmpty();
    assertThat(state.lists()).isEqualTo(Map.of("x", List.of(1)));
    state.addSwept("x", List.of(1));
    assertThat(state.disagreements()).singleElement().asString().contains("is there again");
  }

  private static Entity list(List<Integer> elements, int element) {
    return Objects.requireNonNull(Lists.append("x", elements, element).entity());
  }

  private static List<Bytes> entriesOf(Entity entity) {
    return Stream.concat(
            BuiltInIndexes.entriesOf(entity).stream(),
            CompositeIndexes.entriesOf(entity, List.of(COMPOSITE)).stream())
        .map(IndexEntry::key)
        .toList();
  }

  private List<String> disagreements(List<Bytes> entries) {
    var agreement = new IndexAgreement(List.of(COMPOSITE));
    agreement.addEntity(after);
    entries.forEach(agreement::addEntry);
    return agreement.disagreements();
  }
}
