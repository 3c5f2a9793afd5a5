package dev.kindstead.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody else's directory is taken, and nobody else's process is killed. */
final class DevDirectoryTest {
  @TempDir Path home;

  private DevDirectory taken() {
    var directory = DevDirectory.at(home.resolve("dev"));
    directory.take(false);
    return directory;
  }

  @Test
  void addressesAreChosenOnce() throws IOException {
    List<String> addresses;
    try (var first = taken()) {
      addresses = first.nodeAddresses(3);
    }
    try (var second = taken()) {
      assertThat(second.nodeAddresses(3)).isEqualTo(addresses).doesNotHaveDuplicates().hasSize(3);
      assertThat(second.size()).isEqualTo(3);
      assertThatThrownBy(() -> second.nodeAddresses(5))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("start it with --nodes 3");
      var ids =
          List.of(
              Files.readString(second.data(1).resolve("candidate")),
              Files.readString(second.data(2).resolve("candidate")),
              Files.readString(second.data(3).resolve("candidate")));
      assertThat(ids).isSorted();
    }
  }

  @Test
  void commandsThatAreToldFindIt() {
    assertThat(DevDirectory.at(DevDirectory.temporary()).startCommand(2))
        .isEqualTo("\"kindstead node start 2\"");
    assertThat(DevDirectory.at(home.resolve("dev")).startCommand(2))
        .isEqualTo("\"kindstead node start 2 --data-dir %s\"".formatted(home.resolve("dev")));
  }

  @Test
  void twoClustersDoNotShareADirectory() {
    try (var running = taken()) {
      assertThatThrownBy(this::taken).isInstanceOf(Refusal.class).hasMessageContaining("already");
      assertThat(DevDirectory.at(running.path()).isRunning()).isTrue();
    }
    assertThat(DevDirectory.at(home.resolve("dev")).isRunning()).isFalse();
    taken().close();
  }

  @Test
  void aDirectoryOfSomethingElseIsLeftAlone() throws IOException {
    Files.createDirectories(home.resolve("dev"));
    Files.writeString(home.resolve("dev/node"), "kindstead-node 2\n");
    assertThatThrownBy(this::taken)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("is no development cluster's");
    assertThat(home.resolve("dev/node")).exists();
  }

  @Test
  void aProcessIsFoundAgain() throws IOException {
    try (var directory = taken()) {
      directory.remember(1, ProcessHandle.current());
      assertThat(directory.process(1)).contains(ProcessHandle.current());
      assertThat(directory.process(2)).isEmpty();
    }
  }

  @Test
  void anotherProcessOfThatNumberIsNotOurs() {
    long pid = ProcessHandle.current().pid();
    assertThat(OwnProcess.find(pid + " 2001-01-01T00:00:00Z\n")).isEmpty();
    assertThat(OwnProcess.find(pid + "\n")).isEmpty();
    assertThat(OwnProcess.find("")).isEmpty();
  }

  @Test
  void aRequestToStartIsTakenOnce() {
    try (var directory = taken()) {
      assertThat(directory.takeStartRequest(2)).isFalse();
      directory.requestStart(2);
      assertThat(directory.takeStartRequest(2)).isTrue();
      assertThat(directory.takeStartRequest(2)).isFalse();
    }
  }
}
