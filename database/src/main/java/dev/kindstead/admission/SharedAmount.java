package dev.kindstead.admission;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An amount of something that all databases share: places, bytes. Half of it is for whoever comes;
 * of the rest each database gets only as much as it leaves free, so that none, whatever it brings,
 * leaves nothing to the others (dynamic thresholds: Choudhury, Hahne, 1998). One alone gets three
 * quarters.
 *
 * <p>Nothing is kept for a database while half is free: to take is an atomic addition then.
 *
 * <p>Thread-safe.
 */
public final class SharedAmount {
  /**
   * What was taken, to be given back.
   *
   * @param database whose share it counts against; null when it is of the first half
   */
  public record Share(@Nullable String database) {
    public static final Share OF_THE_FIRST_HALF = new Share(null);
  }

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  /** What databases have of the second half; guarded by itself. */
  private final Map<String, Long> shares = new HashMap<>();

  public SharedAmount(long most) {
    this.most = most;
  }

  /** Takes of the first half, whoever it is for; given back as {@link Share#OF_THE_FIRST_HALF}. */
  public boolean tryTakeFreely(long amount) {
    if (taken.addAndGet(amount) <= most / 2) {
      return true;
    }
    taken.addAndGet(-amount);
    return false;
  }

  /** Null when there is not so much for the database. */
  public @Nullable Share tryTake(long amount, String database) {
    if (taken.addAndGet(amount) <= most / 2) {
      return Share.OF_THE_FIRST_HALF;
    }
    Share share = ofTheRest(amount, database);
    if (share == null) {
      taken.addAndGet(-amount);
    }
    return share;
  }

  private @Nullable Share ofTheRest(long amount, String database) {
    synchronized (shares) {
      long free = most - (taken.get() - amount);
      long own = shares.getOrDefault(database, 0L) + amount;
      if (own > free) {
        return null;
      }
      shares.put(database, own);
      return new Share(database);
    }
  }

  public void giveBack(Share share, long amount) {
    String database = share.database();
    if (database != null) {
      synchronized (shares) {
        shares.computeIfPresent(database, (_, own) -> own == amount ? null : own - amount);
      }
    }
    taken.addAndGet(-amount);
  }

  public long taken() {
    return taken.get();
  }
}
