package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL at random moments under concurrent writers, restart on the same directory, and then:
 * every acknowledged write is there with its content, no transaction is half applied, ids never
 * repeat, and a repeated commit gets its first answer.
 *
 * <p>{@code -Dkill.rounds} and {@code -Dkill.seed} make it longer or repeat it.
 */
class KillRestartTest {
  private static final int ROUNDS = Integer.getInteger("kill.rounds", 5);
  private static final long SEED = Long.getLong("kill.seed", System.nanoTime());
  private static final int WRITERS = 6;
  private static final Duration LIFE_MIN = Duration.ofMillis(300);
  private static final Duration LIFE_MAX = Duration.ofMillis(2500);

  @Test
  void nothingAcknowledgedIsLost(@TempDir Path directory) throws Exception {
    System.out.println("KillRestartTest: -Dkill.seed=" + SEED);
    Random random = new Random(SEED);
    Acknowledged acknowledged = new Acknowledged();
    String project = Projects.fresh();
    for (int round = 0; round < ROUNDS; round++) {
      try (KindsteadProcess server = KindsteadProcess.durable(directory)) {
        try (RawGrpc grpc = new RawGrpc(server, project)) {
          acknowledged.assertKeptBy(grpc);
        }
        try (Writers writers = new Writers(server, project, WRITERS, random, acknowledged)) {
          Thread.sleep(random.nextLong(LIFE_MIN.toMillis(), LIFE_MAX.toMillis()));
          server.kill();
          writers.awaitEnd();
        }
      }
    }
    try (KindsteadProcess server = KindsteadProcess.durable(directory);
        RawGrpc grpc = new RawGrpc(server, project)) {
      acknowledged.assertKeptBy(grpc);
      System.out.println("KillRestartTest: " + acknowledged);
      assertThat(acknowledged.count()).isGreaterThan(ROUNDS * 10);
    }
  }
}
