package dev.kindstead.transaction;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network;
import dev.kindstead.environment.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What stands here for open transactions of other nodes that have locks or commit on shards of this
 * one. A home tells of its transactions' ends; of one that is lost, or not heard of for a while,
 * the locks fall: they only make failures rare.
 *
 * <p>Thread-safe.
 */
final class Guests {
  /** Locks fall after so long without a word from their home. */
  static final Duration SILENCE_MAX = Duration.ofSeconds(5);

  private static final Duration LOOK_PERIOD = Duration.ofSeconds(1);

  private final TransactionIds ids;
  private final List<Participant> participants;
  private final Network network;
  private final Clock clock;
  private final Timers timers;
  private final Map<TransactionId, Guest> guests = new ConcurrentHashMap<>();
  private final AtomicBoolean looking = new AtomicBoolean();

  private static final class Guest {
    final LockOwner owner;

    /** It moves when a home hands over. */
    volatile String home = "";

    volatile long heardNanos;

    Guest(LockOwner owner) {
      this.owner = owner;
    }
  }

  Guests(
      TransactionIds ids,
      List<Participant> participants,
      Network network,
      Clock clock,
      Timers timers) {
    this.ids = ids;
    this.participants = participants;
    this.network = network;
    this.clock = clock;
    this.timers = timers;
  }

  /**
   * What stands for a transaction; INVALID_ARGUMENT when this cluster did not make its id.
   *
   * @param home the node that speaks for it
   */
  LockOwner of(TransactionId id, String home) {
    TransactionIds.Content content = ids.read(id);
    Guest guest = guests.computeIfAbsent(id, _ -> new Guest(new LockOwner(id, content.age())));
    guest.home = home;
    guest.heardNanos = clock.monotonicNanos();
    if (looking.compareAndSet(false, true)) {
      timers.schedule(LOOK_PERIOD, this::look);
    }
    return guest.owner;
  }

  void keep(List<TransactionId> transactions) {
    long now = clock.monotonicNanos();
    for (TransactionId id : transactions) {
      Guest guest = guests.get(id);
      if (guest != null) {
        guest.heardNanos = now;
      }
    }
  }

  void end(TransactionId id) {
    Guest guest = guests.remove(id);
    if (guest != null) {
      end(guest.owner, TransactionEnd.CLOSED);
    }
  }

  /** This node stops, and what stands here for others goes with it: nobody is woken any more. */
  void close() {
    guests.clear();
  }

  /** The connection to a home is lost, as when it dies: the locks of its transactions fall. */
  void leave(String home) {
    guests.forEach((id, guest) -> {
      if (guest.home.equals(home)) {
        end(id);
      }
    });
  }

  /** An older transaction meets its locks or latches: here it is over, and its home is told. */
  void wound(LockOwner owner) {
    Guest guest = guests.get(owner.id());
    if (owner.end(TransactionEnd.ABORTED)) {
      end(owner, TransactionEnd.ABORTED);
    }
    if (guest != null) {
      var unused =
          network.call(
              guest.home,
              Network.Service.SHARDS,
              new ShardQuestion.Wound(owner.id()).encode(0),
              SILENCE_MAX);
    }
  }

  private void end(LockOwner owner, TransactionEnd reason) {
    owner.end(reason);
    for (LockOwner.HeldLock lock : owner.takeLocks()) {
      participants.get(lock.shard()).locks().unlock(lock.key(), owner);
    }
    Runnable wake = owner.takeWake();
    if (wake != null) {
      wake.run();
    }
  }

  private void look() {
    long now = clock.monotonicNanos();
    guests.forEach((id, guest) -> {
      if (now - guest.heardNanos > SILENCE_MAX.toNanos()) {
        end(id);
      }
    });
    looking.set(false);
    if (!guests.isEmpty() && looking.compareAndSet(false, true)) {
      timers.schedule(LOOK_PERIOD, this::look);
    }
  }
}
