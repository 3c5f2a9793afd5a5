package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Cluster;
import dev.kindstead.faults.machine.Members;
import dev.kindstead.faults.machine.Pause;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A bit of a log segment or a table flips while the node is stopped. The node refuses to start and
 * names the file, or runs; what it serves then is judged with everything else. In the end its
 * operator gives it an empty disk, and the others a new replica.
 */
final class BitFlip implements Fault {
  /** Of {@code docs/operations/exit-codes.md}: a damaged file. */
  private static final int DAMAGED = 6;

  /** A start that is refused is, within a few seconds; what it waits for may have a fault, too. */
  private static final Duration REFUSED_MAX = Duration.ofSeconds(20);

  private static final Duration OUT_MAX = Duration.ofMinutes(3);

  private final Target target;
  private final Members members;
  private final List<String> anomalies = new ArrayList<>();
  private String id = "";
  private String flipped = "";
  private String shown = "";
  private boolean runs;

  BitFlip(Target target) {
    this.target = target;
    members = target.cluster().members();
  }

  @Override
  public void begin() {
    id = members.id(target.node()).orElse("");
    if (id.isEmpty()) {
      return;
    }
    target.node().kill();
    try {
      flipped = flip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int logged = target.node().log().length();
    target.node().launch();
    target.node().expectEnd();
    Pause.until(
        REFUSED_MAX, () -> !target.node().isRunning() || target.cluster().isReady(target.node()));
    if (!flipped.isEmpty() && !target.node().isRunning()) {
      judge(target.node().awaitEnd(), target.node().log().substring(logged));
    } else if (!flipped.isEmpty()) {
      shown = flipped + ": runs";
      runs = true;
    }
  }

  /** When all that happened beside it is over: a damage may show later than at the start. */
  private void judgeRunning() {
    boolean decided =
        Pause.until(
            Cluster.READY_MAX,
            () ->
                !target.node().isRunning()
                    || target.cluster().isReady(target.node())
                    || target.cluster().tellsOfStoppedReplica(target.node()));
    if (!decided) {
      anomalies.add(
          "after a bit of %s had flipped, the node neither ends nor becomes ready within %d s"
              .formatted(flipped, Cluster.READY_MAX.toSeconds()));
    } else if (!target.node().isRunning()) {
      int exitCode = target.node().awaitEnd();
      shown = "%s: ran, then exit code %d".formatted(flipped, exitCode);
      anomalies.addAll(EndedBy.DAMAGE.anomalies(target.node().number(), OptionalInt.of(exitCode)));
    }
  }

  /** In the first three quarters of what is written: at the end it might be a torn write. */
  private String flip() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(target.node().data())) {
      files = all.filter(BitFlip::isSegmentOrTable).sorted().toList();
    }
    if (files.isEmpty()) {
      return "";
    }
    Path file = files.get(target.random().nextInt(files.size()));
    long written = written(file);
    if (written == 0) {
      return "";
    }
    long offset = target.random().nextLong(written - written / 4);
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(offset);
      int before = bytes.read();
      bytes.seek(offset);
      bytes.write(before ^ 1 << target.random().nextInt(Byte.SIZE));
    }
    return "%s, byte %d".formatted(target.node().data().relativize(file), offset);
  }

  private static boolean isSegmentOrTable(Path file) {
    String path = file.toString();
    return path.endsWith(".sst") || path.contains("/log/") && path.endsWith(".log");
  }

  /** A segment ends with room that is still zero. */
  private static long written(Path file) throws IOException {
    byte[] all = Files.readAllBytes(file);
    int end = all.length;
    while (end > 0 && all[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private void judge(int exitCode, String log) {
    String name = flipped.substring(flipped.lastIndexOf('/') + 1, flipped.indexOf(','));
    shown = "%s: exit code %d".formatted(flipped, exitCode);
    if (exitCode != DAMAGED || !log.contains(name)) {
      anomalies.add(
          "after a bit of %s had flipped, the node ended with exit code %d, and its log says: %s"
              .formatted(flipped, exitCode, log.strip()));
    }
  }

  @Override
  public void end() {
    if (!id.isEmpty()) {
      if (runs) {
        judgeRunning();
      }
      target.cluster().renew(target.node());
      // A second one that is lost before that would be one too many.
      if (!members.isOutWithin(OUT_MAX, id)) {
        anomalies.add("%s was not replaced within %d s".formatted(id, OUT_MAX.toSeconds()));
      }
    }
  }

  @Override
  public String effect() {
    return shown;
  }

  @Override
  public List<String> anomalies() {
    return anomalies;
  }
}
