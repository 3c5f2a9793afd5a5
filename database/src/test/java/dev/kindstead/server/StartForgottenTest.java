package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.directory.NodeMemory.Boot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    return new NodeFiles(directory, new Random(1));
  }

  @Test
  void itIsKnownAfterARestart() throws IOException {
    start().hear(OTHER, FIFTH);
    assertThat(start().heardOf(OTHER)).isEqualTo(FIFTH);
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
}
