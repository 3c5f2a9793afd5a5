package dev.kindstead.transaction;

import dev.kindstead.environment.Timers;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Finds out which replicas were taken from this node: they hear no more of their shards, not even
 * that. A replica that knows of no leader has the shard's leader, wherever that is, asked.
 *
 * <p>Confined to the timers.
 */
final class TakenReplicas {
  /** An election is over before. */
  private static final Duration PERIOD = Duration.ofSeconds(2);

  private final List<Participant> participants;
  private final List<AskedRows> distant;
  private final Timers timers;
  private final BooleanSupplier isOver;

  TakenReplicas(
      List<Participant> participants,
      List<AskedRows> distant,
      Timers timers,
      BooleanSupplier isOver) {
    this.participants = participants;
    this.distant = distant;
    this.timers = timers;
    this.isOver = isOver;
  }

  void start() {
    timers.schedule(PERIOD, this::look);
  }

  private void look() {
    if (isOver.getAsBoolean()) {
      return;
    }
    for (Participant participant : participants) {
      if (participant.isFollowing()) {
        participant.setTakenAway(false);
      } else {
        ask(participant);
      }
    }
    start();
  }

  private void ask(Participant participant) {
    distant
        .get(participant.shard())
        .isMember()
        .thenAccept(isMember -> participant.setTakenAway(!isMember));
  }
}
