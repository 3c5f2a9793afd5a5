package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.Network.AnswerLost;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A refusal that no fault explains must make its run fail, whoever meets it. */
final class RefusalUnnoticedTest {
  private static final long SEED = 12;

  private static List<String> reports(Throwable failure) {
    var world =
        new World(Lives.SHORT.draw(SEED).withClients(1, 0).withDuration(Duration.ofMillis(100)));
    world.refusals().judge("somebody", failure);
    return world.run().anomalies();
  }

  @Test
  void whatIsWrongIsReported() {
    assertThat(reports(DatastoreException.invalidArgument("an invalid cursor")))
        .anyMatch(anomaly -> anomaly.startsWith("somebody was told "));
    assertThat(reports(new NullPointerException("planted")))
        .anyMatch(anomaly -> anomaly.startsWith("somebody met ") && anomaly.contains("planted"));
  }

  @Test
  void whatMachinesAreToBlameForIsNot() {
    assertThat(reports(new AnswerLost("planted"))).isEmpty();
    assertThat(reports(new DatastoreException(Code.UNAVAILABLE, "planted"))).isEmpty();
  }
}
