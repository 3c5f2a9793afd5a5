package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.directory.NodeMemory.Boot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that forgets the start of another one takes an older copy of its disk for the disk. */
final class StartForgottenTest {
  private static final String OTHER = "node-0123456789ab";
  private static final Boot FIFTH = new Boot(5, 55);
  private static final Boot SIXTH = new Boot(6, 66);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private NodeFiles start() throws IOException {
    return start(1);
  }

  private NodeFiles start(int seed) throws IOException {
    return new NodeFiles(directory, new Random(seed));
  }

  @Test
  void itIsKnownAfterARestart() throws IOException {
    start().hear(OTHER, FIFTH);
    assertThat(start().heardOf(OTHER)).isEqualTo(FIFTH);
  }

  @Test
  void itsOwnAreKnownAsLongAsOthersMayAskForThem() throws IOException {
    var runs = new ArrayList<Boot>();
    for (int start = 0; start < NodeFiles.STARTS_KEPT + 5; start++) {
      NodeFiles files = start(start);
      files.hear(OTHER, FIFTH);
      runs.add(files.boot());
    }
    NodeFiles last = start(99);
    assertThat(last.past())
        .isEqualTo(runs.subList(runs.size() + 1 - NodeFiles.STARTS_KEPT, runs.size()));
    assertThat(last.heardOf(OTHER)).isEqualTo(FIFTH);
  }

  /** A version that kept none may have been in between, or before. */
  @Test
  void runsThatMayHaveAGapAreNotTold() throws IOException {
    String id = start().nodeId();
    for (String kept : List.of("", id + " 6 66\n", id + " 5 5\n" + id + " 7 7\n")) {
      Files.writeString(directory.resolve("starts"), "kindstead-starts 1\n7\n" + kept);
      NodeFiles files = start();
      assertThat(files.boot().number()).isEqualTo(8);
      assertThat(files.past()).isEmpty();
      assertThat(start().past()).containsExactly(files.boot());
    }
  }

  @Test
  void aRefusalIsNotForgotten() throws IOException {
    NodeFiles files = start();
    assertThat(files.refusal()).isEmpty();
    files.refused("the disk is an older copy");
    assertThat(files.refusal()).isEqualTo("the disk is an older copy");
    assertThat(start().refusal()).isEqualTo("the disk is an older copy");
  }

  @Test
  void anEarlierOneThatIsToldLateChangesNothing() throws IOException {
    NodeFiles files = start();
    files.hear(OTHER, SIXTH);
    files.hear(OTHER, FIFTH);
    assertThat(files.heardOf(OTHER)).isEqualTo(SIXTH);
    assertThat(start().heardOf(OTHER)).isEqualTo(SIXTH);
  }

  @Test
  void whatCannotBeWrittenIsNotBelieved() throws IOException {
    NodeFiles files = start();
    files.hear(OTHER, FIFTH);
    Path inTheWay = Files.createDirectory(directory.resolve("starts.new"));
    Files.createFile(inTheWay.resolve("file"));
    assertThatThrownBy(() -> files.hear(OTHER, SIXTH)).isInstanceOf(UncheckedIOException.class);
    assertThat(files.heardOf(OTHER)).isEqualTo(FIFTH);
  }

  /** In the cluster that a last resort makes of it, nobody has refused it. */
  @Test
  void aDirectoryThatIsRecoveredIsNotRefusedAnyMore() throws IOException {
    NodeFiles files = start();
    files.alone(2, new Random(2));
    files.refused("an older copy");
    assertThat(start().refusal()).isEqualTo("an older copy");
    files.join(files.identity().orElseThrow().recovered(new Random(3)));
    assertThat(start().refusal()).isEmpty();
  }
}
