package dev.kindstead.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalLogTest extends ReplicatedLogContract {
  private final ExecutorService executor = Executors.newFixedThreadPool(2);

  @AfterEach
  void stopExecutor() {
    executor.shutdown();
  }

  @Override
  ReplicatedLog newLog() {
    return new LocalLog(executor);
  }

  @Override
  boolean keepsEntries() {
    return false;
  }

  @Test
  void namesNoClassOfTheEngine() throws Exception {
    try (var in = LocalLog.class.getResourceAsStream("LocalLog.class")) {
      String constants = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(constants).doesNotContain("jraft", "rocksdb", "RaftLog");
    }
  }

  @Test
  void alwaysLeadsUntilItIsClosed() {
    var reader = new RecordingReader();
    var log = new LocalLog(Runnable::run);
    log.start(reader);
    fill(log, 0, 10);
    ReplicaStatus status = log.status();
    assertThat(status.role()).isEqualTo(ReplicaStatus.Role.LEADS);
    assertThat(status.term()).isEqualTo(reader.leaderTerm);
    assertThat(status.appliedLogIndex()).isEqualTo(10).isEqualTo(status.lastLogIndex());
    log.close();
    assertThat(log.status().role()).isEqualTo(ReplicaStatus.Role.STOPPED);
  }

  @Test
  void worksOnTheCallersOwnThread() {
    var reader = new RecordingReader();
    var log = new LocalLog(Runnable::run);
    log.start(reader);
    fill(log, 0, 10);
    assertThat(reader.numbers()).hasSize(10);
    log.close();
  }
}
