package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.replication.LogEntry;
import dev.kindstead.replication.LogReader;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The model logs on disks that are slow or fail. */
final class DiskFailsTest {
  private static final Duration LEADING = Duration.ofSeconds(3);

  private final Random random = new Random(3);
  private final Scheduler scheduler = new Scheduler(random);
  private final Links links = new Links(scheduler, random, false);
  private final List<Outcome> outcomes = new ArrayList<>();

  /** A state that is nothing but its entries, and is never lost. */
  private static final class Entries implements LogReader {
    final List<LogEntry> applied = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();

    @Override
    public void apply(List<LogEntry> entries) {
      assertThat(failures).as("nothing is applied by a log that has failed").isEmpty();
      applied.addAll(entries);
    }

    @Override
    public long appliedLogIndex() {
      return applied.isEmpty() ? 0 : applied.getLast().logIndex();
    }

    @Override
    public void leaderStarted(long term) {}

    @Override
    public void leaderStopped(long term) {}

    @Override
    public long saveCheckpoint(Path directory) {
      throw new AssertionError("no log is cut here");
    }

    @Override
    public void loadCheckpoint(Path directory) {
      throw new AssertionError("no log is cut here");
    }

    @Override
    public void failed(Throwable cause) {
      failures.add(cause);
    }
  }

  private static ModelGroup group(String... founders) {
    return new ModelGroup("group", List.of(founders), _ -> {}, _ -> {});
  }

  private ModelLog start(ModelGroup group, Machine machine, Entries reader, Plant plant) {
    var site =
        new ModelSite(
            machine.start(),
            links,
            random,
            () -> {},
            () -> {},
            () -> {
              throw new AssertionError("no log is cut here");
            },
            false,
            plant);
    var log = new ModelLog(group, site);
    log.start(reader);
    return log;
  }

  private void propose(ModelLog log) {
    log.propose(new byte[] {1}, outcomes::add);
  }

  @Test
  void aFailedSyncStopsTheReplicaUntilItsRestart() {
    Machine machine = Machine.exact("n1", scheduler);
    ModelGroup group = group("n1");
    var reader = new Entries();
    ModelLog log = start(group, machine, reader, Plant.NOTHING);
    scheduler.runFor(LEADING);
    machine.hardware().failDisk(1);
    propose(log);
    scheduler.runFor(LEADING);
    assertThat(outcomes).containsExactly(Outcome.UNKNOWN);
    assertThat(reader.failures).hasSize(1);
    assertThat(log.hasFailed()).isTrue();
    propose(log);
    assertThat(outcomes).containsExactly(Outcome.UNKNOWN, Outcome.NOT_APPLIED);
    reader.failures.clear();
    ModelLog next = start(group, machine, reader, Plant.NOTHING);
    scheduler.runFor(LEADING);
    propose(next);
    scheduler.runFor(LEADING);
    assertThat(outcomes).endsWith(Outcome.APPLIED);
    assertThat(reader.failures).isEmpty();
  }

  /** What its followers have synced is agreed on, and they apply it; it does so later itself. */
  @Test
  void aLeaderWithASlowDiskAppliesWhatItHasSynced() {
    assertThat(appliedBeforeSynced(Plant.NOTHING)).isFalse();
    assertThat(appliedBeforeSynced(Plant.APPLIED_BEFORE_ITS_OWN_DISK)).isTrue();
  }

  private boolean appliedBeforeSynced(Plant plant) {
    ModelGroup group = group("n1", "n2", "n3");
    List<Machine> machines =
        List.of("n1", "n2", "n3").stream().map(id -> Machine.exact(id, scheduler)).toList();
    List<Entries> readers = List.of(new Entries(), new Entries(), new Entries());
    var logs = new ArrayList<ModelLog>();
    for (int i = 0; i < machines.size(); i++) {
      logs.add(start(group, machines.get(i), readers.get(i), plant));
    }
    scheduler.runFor(LEADING);
    int leader = logs.indexOf(logs.stream().filter(ModelLog::believesToLead).findFirst().get());
    Duration sync = Duration.ofHours(1);
    machines.get(leader).hardware().slowDisk(LEADING, sync);
    propose(logs.get(leader));
    scheduler.runFor(LEADING);
    assertThat(group.agreedLogIndex()).isEqualTo(logs.get(leader).disk().lastLogIndex());
    assertThat(readers.get((leader + 1) % 3).applied).hasSize(1);
    boolean early = !readers.get(leader).applied.isEmpty();
    scheduler.runFor(sync.plus(LEADING));
    assertThat(readers.get(leader).applied).hasSize(1);
    return early;
  }

  /** As long as the disk does not claim what it has not done. */
  @Test
  void aSyncIsOfWhatWasThereWhenItBegan() {
    var disk = new ModelDisk(ModelVoters.NOBODY);
    disk.append(new ModelEntry(1, 1, null));
    disk.append(new ModelEntry(2, 1, null));
    disk.beginSync();
    disk.truncateAfter(1);
    disk.append(new ModelEntry(2, 2, null));
    disk.endSync();
    assertThat(disk.syncedLogIndex()).isEqualTo(1);
  }

  @Test
  void aWallClockIsWrongByFiveMinutesAtMost() {
    Machine machine = Machine.exact("n1", scheduler);
    long before = machine.wallMicros();
    machine.jumpWallClock(Duration.ofMinutes(4));
    machine.jumpWallClock(Duration.ofMinutes(4));
    assertThat(machine.wallMicros() - before).isEqualTo(300_000_000);
  }
}
