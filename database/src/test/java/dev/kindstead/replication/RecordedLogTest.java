package dev.kindstead.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.replication.LogEvent.Applied;
import dev.kindstead.replication.LogEvent.Ended;
import dev.kindstead.replication.LogEvent.Proposed;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A recorded log is the log that it records, and tells everything before others may act on it. */
final class RecordedLogTest {
  /** A default method that is forgotten would answer for a log without other nodes. */
  @Test
  void nothingIsAnsweredInTheLogsPlace() throws NoSuchMethodException {
    for (Method method : ReplicatedLog.class.getMethods()) {
      if (!Modifier.isStatic(method.getModifiers())) {
        Method own = RecordedLog.class.getMethod(method.getName(), method.getParameterTypes());
        assertThat(own.getDeclaringClass()).as(method.toString()).isEqualTo(RecordedLog.class);
      }
    }
    assertThat(LogReader.class.getMethods()).noneMatch(Method::isDefault);
  }

  @Test
  void everythingIsToldInItsOrder() {
    var events = new ArrayList<LogEvent>();
    var reader = new RecordingReader();
    byte[] entry = RecordingReader.number(5);
    long hash = LogEvent.hash(entry);
    try (var log = new RecordedLog(new LocalLog(Runnable::run), events::addAll)) {
      log.start(reader);
      log.propose(entry, outcome -> assertThat(events).endsWith(new Ended(1, outcome)));
      reader.throwOnApply = new IllegalStateException("planned");
      log.propose(entry, outcome -> assertThat(outcome).isEqualTo(Outcome.UNKNOWN));
      log.propose(entry, outcome -> assertThat(outcome).isEqualTo(Outcome.NOT_APPLIED));
    }
    assertThat(reader.applied).hasSize(1).first().extracting(LogEntry::bytes).isSameAs(entry);
    assertThat(events)
        .containsExactlyElementsOf(
            Arrays.asList(
                new LogEvent.Started(0),
                new LogEvent.LeaderStarted(1),
                new Proposed(1, hash),
                new Applied(1, 1, hash),
                new Ended(1, Outcome.APPLIED),
                new Proposed(2, hash),
                new LogEvent.Failed(),
                new Ended(2, Outcome.UNKNOWN),
                new Proposed(3, hash),
                new Ended(3, Outcome.NOT_APPLIED),
                new LogEvent.Closed()));
  }
}
