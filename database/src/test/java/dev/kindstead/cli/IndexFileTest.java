package dev.kindstead.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.query.RequiredIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index.yaml as people and Google's tools write it. */
final class IndexFileTest {
  private static final RequiredIndex TASKS =
      new RequiredIndex(
          "Task",
          true,
          List.of(new IndexedProperty("done", false), new IndexedProperty("created", true)));

  @TempDir Path directory;

  private Path file(String text) throws Exception {
    return Files.writeString(directory.resolve("index.yaml"), text);
  }

  @Test
  void googlesForm() throws Exception {
    Path file =
        file(
            """
            indexes:
            # A comment.
            - kind: Task
              ancestor: yes
              properties:
              - name: done
              - name: created
                direction: desc
            """);
    assertThat(IndexFile.read(file)).containsExactly(TASKS);
  }

  @Test
  void whatIsWrittenCanBeRead() throws Exception {
    var other = new RequiredIndex("K", false, List.of(new IndexedProperty("__key__", true)));
    assertThat(IndexFile.read(file(IndexFile.text(List.of(TASKS, other)))))
        .containsExactly(TASKS, other);
  }

  @Test
  void emptyFilesHaveNone() throws Exception {
    assertThat(IndexFile.read(file(""))).isEmpty();
    assertThat(IndexFile.read(file("indexes:\n"))).isEmpty();
  }

  @Test
  void whatMakesNoSenseIsNamedWithItsLine() throws Exception {
    assertRefused("indexes:\n- kind: A\n  property: x\n", "index.yaml:3", "properties");
    assertRefused("indexes:\n- kind: A\n", "index.yaml:2", "properties");
    assertRefused(
        "indexes:\n- kind: A\n  properties:\n  - name: a\n    direction: up\n",
        "index.yaml:5",
        "asc or desc");
    assertRefused("indexes: {", "index.yaml:1", "");
    assertRefused("- kind: A\n", "index.yaml:1", "key: value");
  }

  private void assertRefused(String text, String place, String reason) throws Exception {
    Path file = file(text);
    assertThatThrownBy(() -> IndexFile.read(file))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(place)
        .hasMessageContaining(reason);
  }
}
