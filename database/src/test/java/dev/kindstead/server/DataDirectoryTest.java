package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Refusal;
import dev.kindstead.directory.NodeIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory that is not surely ours and free is never touched. */
final class DataDirectoryTest {
  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

  @TempDir Path scratch;

  private DataDirectory open(Path directory) {
    DataDirectory opened = DataDirectory.open(directory, random);
    if (opened.node().identity().isEmpty()) {
      opened.node().join(NodeIdentity.alone(opened.node().nodeId(), 4, random));
    }
    return opened;
  }

  private void refused(Path directory, int code, String text) {
    assertThatThrownBy(() -> open(directory))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(code))
        .hasMessageContaining(text);
  }

  @Test
  void identityIsMintedOnceAndKept() {
    Path directory = scratch.resolve("a/b");
    NodeIdentity minted;
    try (var opened = open(directory)) {
      minted = opened.node().identity().orElseThrow();
      assertThat(opened.node().nodeId()).isEqualTo(minted.nodeId());
      assertThat(opened.node().boot().number()).isEqualTo(1);
    }
    try (var opened = open(directory)) {
      assertThat(opened.node().identity()).contains(minted);
      assertThat(opened.node().boot().number()).isEqualTo(2);
    }
  }

  /** What clients have stored is in it, and the key that signs transaction ids. */
  @Test
  void onlyItsOwnerMayLookIntoANewOne() throws IOException {
    Path directory = scratch.resolve("parent/data");
    open(directory).close();
    assertThat(Files.getPosixFilePermissions(directory))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(Files.getPosixFilePermissions(directory.resolve("..").normalize()))
        .isEqualTo(Files.getPosixFilePermissions(Files.createDirectory(scratch.resolve("any"))));
  }

  @Test
  void oneThatIsThereStaysAsOpenAsItIs() throws IOException {
    Path directory = Files.createDirectory(scratch.resolve("data"));
    var chosen = PosixFilePermissions.fromString("rwxr-x---");
    Files.setPosixFilePermissions(directory, chosen);
    open(directory).close();
    assertThat(Files.getPosixFilePermissions(directory)).isEqualTo(chosen);
  }

  @Test
  void directoryInUseIsRefused() {
    try (var opened = open(scratch)) {
      assertThat(opened.path()).isEqualTo(scratch.toAbsolutePath());
      refused(scratch, ExitCode.DATA_IN_USE, "process " + ProcessHandle.current().pid());
    }
    open(scratch).close();
  }

  @Test
  void somebodyElsesDirectoryIsRefusedAndLeftAlone() throws Exception {
    Path file = Files.writeString(scratch.resolve("thesis.txt"), "mine");
    refused(scratch, ExitCode.DATA_NOT_OURS, "thesis.txt");
    assertThat(file).hasContent("mine");
    assertThat(scratch).isDirectoryNotContaining("glob:**/lock");
  }

  @Test
  void lockFileOfAnotherProgramKeepsItsContent() throws Exception {
    Path theirs = Files.writeString(scratch.resolve("lock"), "pid 7 of another program");
    Files.writeString(scratch.resolve("thesis.txt"), "mine");
    refused(scratch, ExitCode.DATA_NOT_OURS, "thesis.txt");
    assertThat(theirs).hasContent("pid 7 of another program");
  }

  @Test
  void firstStartInterruptedBeforeTheIdentityWasWrittenStartsAfresh() throws Exception {
    Files.writeString(scratch.resolve("lock"), "process 1\n");
    Files.writeString(scratch.resolve("node.new"), "kindstead-no");
    open(scratch).close();
  }

  @Test
  void damagedIdentityIsNamed() throws Exception {
    open(scratch).close();
    Path file = scratch.resolve("node");
    Files.writeString(file, Files.readString(file).replace("shards: 4", "shards: 5"));
    refused(scratch, ExitCode.DATA_NOT_OURS, "checksum");
    Files.writeString(file, "");
    refused(scratch, ExitCode.DATA_NOT_OURS, file.toString());
  }

  @Test
  void newerFormatIsNamed() throws Exception {
    open(scratch).close();
    Path file = scratch.resolve("node");
    Files.writeString(file, Files.readString(file).replace("kindstead-node 2", "kindstead-node 3"));
    refused(scratch, ExitCode.DATA_NOT_OURS, "kindstead-node 3");
  }

  @Test
  void fileInPlaceOfTheDirectoryIsRefused() throws Exception {
    Path file = Files.writeString(scratch.resolve("file"), "");
    refused(file, ExitCode.DATA_NOT_ACCESSIBLE, "file");
  }

  @Test
  void identityDoesNotShowItsKey() {
    var identity = NodeIdentity.alone("node-000000000001", 4, random);
    assertThat(identity.toString()).doesNotContain(identity.transactionKey().toString());
  }
}
