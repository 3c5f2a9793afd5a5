package dev.kindstead.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.replication.LogEvent.Applied;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A record of a log says what happened as far as it goes, wherever it was cut off. */
final class LogEventFileTest {
  private static final List<LogEvent> EVENTS =
      List.of(
          new LogEvent.Started(7),
          new LogEvent.LeaderStarted(3),
          new LogEvent.Proposed(1, -2),
          new Applied(8, 2, 0x0123456789abcdefL),
          new Applied(10, 3, Long.MIN_VALUE),
          new LogEvent.Ended(1, Outcome.UNKNOWN),
          new LogEvent.LeaderStopped(3),
          new LogEvent.Loaded(90),
          new LogEvent.Failed(),
          new LogEvent.Full(),
          new LogEvent.Closed());

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private LogLife onlyLife() {
    return LogEventFile.readAll(directory).getFirst();
  }

  @Test
  void everyEventIsReadAgain() {
    LogEventFile.begin(directory, "g", "n1").accept(EVENTS);
    assertThat(LogEventFile.readAll(directory))
        .containsExactly(new LogLife("g", "n1", 1, true, EVENTS));
  }

  @Test
  void cutOffAtAnyByteItTellsOfAllBefore() throws IOException {
    LogEventFile record = LogEventFile.begin(directory, "g", "n1");
    EVENTS.forEach(event -> record.accept(List.of(event)));
    Path file = directory.resolve("g.n1.1.events");
    byte[] all = Files.readAllBytes(file);
    for (int bytes = 0; bytes < all.length; bytes++) {
      Files.write(file, Arrays.copyOf(all, bytes));
      int lines =
          (int)
              new String(all, 0, bytes, StandardCharsets.UTF_8)
                  .chars()
                  .filter(c -> c == '\n')
                  .count();
      List<LogLife> read = LogEventFile.readAll(directory);
      if (lines == 0) {
        assertThat(read).isEmpty();
      } else {
        assertThat(read)
            .containsExactly(new LogLife("g", "n1", 1, false, EVENTS.subList(0, lines - 1)));
      }
    }
  }

  @Test
  void whatIsMissingOrWrongBeforeTheEndIsToldOf() throws IOException {
    LogEventFile.begin(directory, "g", "n1").accept(EVENTS);
    Path file = directory.resolve("g.n1.1.events");
    String text = Files.readString(file);
    for (String damaged :
        List.of(
            text.replace("3 proposed 1 fffffffffffffffe\n", ""),
            text.replace("UNKNOWN", "UNKNOWABLE"),
            text.replace("applied 8", "applied eight"),
            text.replace("loaded", "laden"),
            text.replace("events-1", "events-2"))) {
      Files.writeString(file, damaged);
      assertThatThrownBy(this::onlyLife).isInstanceOf(IllegalArgumentException.class);
    }
    byte[] noText = text.getBytes(StandardCharsets.UTF_8);
    noText[text.indexOf("loaded")] = (byte) 0xff;
    Files.write(file, noText);
    assertThatThrownBy(this::onlyLife).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyLifeHasItsOwn() {
    LogEventFile.begin(directory, "g", "n1").accept(EVENTS.subList(0, 1));
    LogEventFile.begin(directory, "g", "n1").accept(EVENTS.subList(0, 2));
    LogEventFile.begin(directory, "g", "n2").accept(EVENTS.subList(0, 3));
    assertThat(LogEventFile.readAll(directory))
        .containsExactly(
            new LogLife("g", "n1", 1, false, EVENTS.subList(0, 1)),
            new LogLife("g", "n1", 2, false, EVENTS.subList(0, 2)),
            new LogLife("g", "n2", 1, false, EVENTS.subList(0, 3)));
  }

  @Test
  void whatIsMoreThanItHoldsIsNotRecordedAndItSaysSo() throws IOException {
    LogEventFile record = LogEventFile.begin(directory, "g", "n1", 80);
    record.accept(EVENTS.subList(0, 3));
    record.accept(EVENTS.subList(3, 5));
    record.accept(EVENTS.subList(5, 11));
    assertThat(onlyLife().events())
        .containsExactly(
            new LogEvent.Started(7),
            new LogEvent.LeaderStarted(3),
            new LogEvent.Proposed(1, -2),
            new LogEvent.Full());
    assertThat(onlyLife().isWhole()).isFalse();
  }

  @Test
  void otherBytesHaveAnotherHash() {
    byte[] entry = new byte[100];
    long hash = LogEvent.hash(entry);
    for (int at = 0; at < entry.length * Byte.SIZE; at++) {
      byte[] other = entry.clone();
      other[at / Byte.SIZE] ^= (byte) (1 << at % Byte.SIZE);
      assertThat(LogEvent.hash(other)).isNotEqualTo(hash);
    }
    assertThat(LogEvent.hash(new byte[99])).isNotEqualTo(hash);
  }
}
